import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runEvaluate } from '../../../cli/evaluate/run.ts'
import { runExplain } from '../../../cli/explain/run.ts'
import { joinLog } from '../../../gateway/decision-log/join-log.ts'
import { readLog } from '../../../gateway/decision-log/read-log.ts'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller, type GatewayCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { images } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** A configuration that logs, with files as small as can be. */
async function logging(dir: string, store: string): Promise<string> {
  const path = await digitsConfig({ models: ['logistic', 'forest'], from: 'reward' })
  const config = JSON.parse(await readFile(path, 'utf8')) as object
  await writeFile(path, JSON.stringify({ ...config, store, decision_log: { dir, rotate: '64KiB' } }))
  return path
}

async function predictMany(caller: GatewayCaller, count: number): Promise<string[]> {
  const replies = await Promise.all(
    Array.from({ length: count }, (_, at) => caller.predict(images[at % images.length]!.pixels)),
  )
  expect(replies.every(({ status }) => status === 200)).toBe(true)
  return replies.map(({ body }) => body.prediction_id)
}

const lines = (ids: readonly string[]) => ids.map((prediction_id, at) => ({ prediction_id, reward: at % 2 }))

test('a gateway that is stopped has written every decision and reward, over several files', async () => {
  const dir = join(await tempDir(), 'log')
  const store = await newStore.sqlite()
  const gateway = runGateway({ config: await logging(dir, store), tmp: await tempDir() })
  const caller = createCaller(await gateway.ready(), 16)
  const ids = await predictMany(caller, 600)
  await caller.feedbackLines(lines(ids))
  gateway.kill('SIGTERM')
  expect(await gateway.exited).toBe(0)

  const log = await joinLog(readLog(dir, expect.unreachable), 'digits')
  expect([log.decisions.length, log.rewards.length]).toEqual([600, 600])

  const printed: string[] = []
  const options = { maxWeight: 10, confidence: 0.95, seed: 1, minEffective: 100, maxMissing: 0.01 }
  await runEvaluate(
    { ...options, log: dir, endpoint: 'digits', policy: ['uniform'] },
    { print: (line) => printed.push(line), note: expect.unreachable },
  )
  // The log was made by this very policy: every weight is 1.
  expect(printed.join('\n')).toContain('effective sample size 600 · mean weight 1 · greatest 1 ')
  expect(printed.join('\n')).toMatch(/ips +0\.5 /)
})

test('a gateway that is killed leaves a log that can be read, and the next one joins what comes later', async () => {
  const dir = join(await tempDir(), 'log')
  const store = await newStore.sqlite()
  const config = await logging(dir, store)
  const first = runGateway({ config, tmp: await tempDir() })
  const caller = createCaller(await first.ready(), 16)
  const ids = await predictMany(caller, 300)
  // Longer than lines wait in memory.
  await sleep(500)
  const more = predictMany(caller, 300).catch(() => [])
  await sleep(20)
  first.kill('SIGKILL')
  await Promise.all([first.exited, more])

  const second = runGateway({ config, tmp: await tempDir() })
  const again = createCaller(await second.ready(), 16)
  expect((await again.feedbackLines(lines(ids))).body.counts).toEqual({ applied: 300 })
  second.kill('SIGTERM')
  await second.exited

  const notes: string[] = []
  const log = await joinLog(
    readLog(dir, (note) => notes.push(note)),
    'digits',
  )
  expect(notes.length).toBeLessThanOrEqual(1)
  expect(log.decisions.length).toBeGreaterThanOrEqual(300)
  const known = new Set(log.decisions.map(({ key }) => key))
  expect(log.rewards.filter(({ key }) => known.has(key))).toHaveLength(300)

  const told: string[] = []
  await runExplain(ids[7]!, { config }, { print: (line) => told.push(line), note: () => {} })
  expect(told.join('\n')).toContain('made again  agrees: greatest difference 0')
  expect(told.join('\n')).toContain('feedback    applied, reward 1')
})

test('a folder that cannot be written to keeps the gateway from starting, and one line says so', async () => {
  const file = join(await tempDir(), 'taken')
  await writeFile(file, '')
  const config = await logging(file, await newStore.sqlite())
  const gateway = runGateway({ config, tmp: await tempDir() })
  expect(await gateway.exited).toBe(1)
  await gateway.closed
  expect(gateway.stderr()).toMatch(
    /^bandit: cannot write to the decision log's folder \S+taken .*decision_log\.dir\n$/,
  )
})
