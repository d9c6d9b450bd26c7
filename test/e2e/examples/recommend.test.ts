import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { startRedis } from '../../support/start-redis.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const folder = fileURLToPath(new URL('../../../examples/recommend/', import.meta.url))
const read = (name: string) => readFile(join(folder, name), 'utf8')

interface Answer {
  readonly arm: string
  readonly outputs: { slate: string[]; slate_scores: number[]; probabilities: [number, number][] }
  readonly features?: { readonly missing: object; readonly unavailable: object }
}

test('the example ranks as scikit-learn does, by its rules, and goes on without its Redis', async () => {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const redis = new Redis(server.url)
  onTestFinished(() => redis.disconnect())
  const hashes = (await read('seed.redis')).trim().split('\n')
  for (const line of hashes) await redis.call('HSET', ...line.split(' ').slice(1))

  const tmp = await tempDir()
  const config = join(tmp, 'bandit.yaml')
  const text = (await read('bandit.yaml'))
    .replaceAll('redis://127.0.0.1:6379/0', server.url)
    .replaceAll('./models', join(folder, 'models'))
    .replace('keep: [slate, slate_scores]', 'keep: [slate, slate_scores, probabilities]')
  await writeFile(config, text)
  const gateway = runGateway({ config, store: 'sqlite::memory:', tmp })
  const origin = await gateway.ready()
  const ask = async (inputs: object): Promise<Answer> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${origin}/predict`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ inputs }),
    })
    expect(response.status).toBe(200)
    return (await response.json()) as Answer
  }

  const expected = JSON.parse(await read('expected.json')) as {
    user_id: string
    item_id: string[]
    probabilities: Record<string, number[]>
  }
  const asked = { user_id: expected.user_id, item_id: expected.item_id }
  await waitUntil(async () => (await ask(asked)).features === undefined, { what: 'Redis is connected' })
  const byArm = new Map<string, Answer>()
  for (let n = 0; n < 40; n++) {
    const answer = await ask(asked)
    byArm.set(answer.arm, answer)
  }
  expect([...byArm.keys()].sort()).toEqual(['forest', 'logistic'])

  const fieldOf = (item: string, field: string) => redis.hget(`item:${item}`, field).then((value) => value!)
  for (const [arm, { outputs }] of byArm) {
    for (const [row, [, click]] of outputs.probabilities.entries())
      expect(Math.abs(click - expected.probabilities[arm]![row]!)).toBeLessThan(1e-6)
    expect(outputs.slate).toHaveLength(5)
    const ages = await Promise.all(outputs.slate.map(async (item) => Number(await fieldOf(item, 'age_days'))))
    for (const [at, item] of outputs.slate.entries()) {
      const score = expected.probabilities[arm]![expected.item_id.indexOf(item)]! * 2 ** (-ages[at]! / 90)
      expect(outputs.slate_scores[at]).toBeCloseTo(score, 6)
    }
    const shelves = await Promise.all(outputs.slate.map((item) => fieldOf(item, 'item_feature_2')))
    for (const shelf of shelves)
      expect(shelves.filter((each) => each === shelf).length).toBeLessThanOrEqual(2)
  }

  const stranger = await ask({ user_id: 'nobody', item_id: ['0', '6'] })
  expect(stranger.features).toEqual({
    missing: { user_feature_0: 2, user_feature_1: 2, user_feature_2: 2, user_feature_3: 2 },
    unavailable: {},
  })

  await server.stop()
  const alone = await ask({ user_id: 'u3', item_id: ['1', '2'] })
  expect(alone.features).toMatchObject({ unavailable: { person: 'unavailable', item: 'unavailable' } })
  expect(alone.outputs.slate).toHaveLength(2)
  const metrics = await (await fetch(`${origin}/metrics`)).text()
  expect(metrics).toMatch(
    /bandit_feature_lookups_total\{endpoint="recommend",source="item",outcome="cached"\} \d+/,
  )
  expect(metrics).toMatch(
    /bandit_feature_lookups_total\{endpoint="recommend",source="person",outcome="unavailable"\} 1/,
  )
})
