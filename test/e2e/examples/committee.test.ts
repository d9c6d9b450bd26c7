import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore, readSums } from '../../fixtures/real-stores.ts'
import { startLoad, type Answer } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const folder = fileURLToPath(new URL('../../../examples/committee/', import.meta.url))

/** One of the example's gateways, with its models where they are; `elsewhere` is where the other one listens. */
const start = async (name: string, store: string, elsewhere = '') => {
  const config = join(await tempDir(), name)
  const text = (await readFile(join(folder, name), 'utf8'))
    .replaceAll('../digits', join(folder, '../digits'))
    .replace('http://127.0.0.1:8090', elsewhere)
  await writeFile(config, text)
  const gateway = runGateway({ config, store, tmp: await tempDir() })
  return { gateway, origin: await gateway.ready() }
}

const weightOf = ({ body }: Answer, model: string): number =>
  body!.decision.members!.find((member) => member.model === model)!.weight

test('a member that hangs is carried by the other within the deadline, and no bit that was learned changes', async () => {
  const elsewhere = await start('elsewhere.yaml', 'sqlite::memory:')
  const store = await newStore.sqlite()
  const { gateway, origin } = await start('bandit.yaml', store, elsewhere.origin)
  const caller = createCaller(origin)
  await waitUntil(async () => [...(await caller.arms()).values()].every(({ state }) => state === 'active'), {
    what: 'all arms are up, the one elsewhere too',
  })

  const load = startLoad(origin, { perSecond: 60 })
  const of = (arm: string, { answers } = load) => answers.filter(({ body }) => body?.arm === arm)
  const arms = ['logistic', 'network', 'committee', 'elsewhere']
  await waitUntil(() => arms.every((arm) => of(arm).length > 5), { what: 'every arm has answered' })
  await load.stop()
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
  const right = of('elsewhere').filter(({ body, label }) => body!.outputs.label[0] === label)
  expect(right.length).toBeGreaterThan(of('elsewhere').length / 2)
  const lines = load.answers.map(({ body, label }) => ({ prediction_id: body!.prediction_id, label }))
  expect((await caller.feedbackLines(lines)).body.counts).toEqual({ applied: lines.length })
  const before = await readSums(store)
  expect(Object.keys(before).length).toBeGreaterThan(4)
  const labels = await waitUntil(async () => (await caller.endpoint()).models, { what: 'labels are seen' })

  const worker = gateway.workerOf('network')!
  process.kill(worker, 'SIGSTOP')
  const frozen = startLoad(origin, { perSecond: 40 })
  const late = await waitUntil(
    () => of('committee', frozen).find((answer) => weightOf(answer, 'network') === 0),
    { what: 'the committee answers without the one that hangs' },
  )
  await frozen.stop()
  // On a busy machine the gateway may have replaced it meanwhile.
  if (gateway.workerOf('network') === worker) process.kill(worker, 'SIGCONT')
  expect(weightOf(late, 'logistic')).toBe(1)
  expect(late.endedAt - late.sentAt).toBeLessThan(1500)
  expect(frozen.answers.filter(({ status }) => status !== 200)).toEqual([])

  const weight = (model: string) => {
    const { labels: count, accuracy } = labels.find((each) => each.model === model)!
    return Math.log((count + 2) / (count * (1 - accuracy) + 1))
  }
  const thawed = startLoad(origin, { perSecond: 40 })
  const whole = await waitUntil(
    () => of('committee', thawed).find((answer) => weightOf(answer, 'network') !== 0),
    { what: 'the committee is whole again' },
  )
  await thawed.stop()
  const share = weight('network') / (weight('network') + weight('logistic'))
  expect(weightOf(whole, 'network')).toBeCloseTo(share, 9)
  gateway.kill('SIGTERM')
  await gateway.exited
  expect(await readSums(store)).toEqual(before)
})
