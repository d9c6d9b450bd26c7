import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runExplain } from '../../../cli/explain/run.ts'
import { explain } from '../../../cli/faults.ts'
import { logTraffic, trafficSecret, type TrafficOptions } from '../../fixtures/logged-traffic.ts'
import { tempDir } from '../../support/temp-dir.ts'

beforeEach(() => void vi.stubEnv('BANDIT_SIGNING_KEYS', `3:${trafficSecret}`))
afterEach(() => void vi.unstubAllEnvs())

async function logged(decisions = 60, more: Pick<TrafficOptions, 'maxStep'> = {}) {
  const folder = await tempDir()
  const dir = join(folder, 'log')
  await mkdir(dir)
  const traffic = await logTraffic({ dir, decisions, minShare: 0.1, ...more })
  const config = join(folder, 'bandit.yaml')
  const arms = ['low', 'middle', 'high'].map((arm) => `      ${arm}: { model: any }`)
  const lines = ['models:', '  any: { onnx: any.onnx }', 'endpoints:', '  shop:', '    arms:', ...arms]
  await writeFile(config, [...lines, 'decision_log: { dir: log }', 'store: sqlite:store.db', ''].join('\n'))
  return { folder, dir, config, traffic }
}

async function run(id: string, options: { readonly config: string; readonly log?: string }) {
  const lines: string[] = []
  const output = {
    print: (line: string) => void lines.push(line),
    note: (line: string) => void lines.push(line),
  }
  const error: unknown = await runExplain(id, options, output).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { text: lines.join('\n'), error }
}

test('says what the id says, what was chosen from, what came of it, and that it agrees', async () => {
  const { config, traffic } = await logged()
  const { text, error } = await run(traffic.ids[40]!, { config })
  const { arm, propensity, key } = traffic.decisions[40]!
  expect(error).toBeUndefined()
  expect(text).toContain(`arm         ${arm}, with propensity ${propensity}`)
  expect(text).toContain(`key         ${key}`)
  expect(text).toContain('context     {"turn":40}')
  expect(text).toMatch(/feedback {4}applied, reward [01] at 2026-/)
  expect(text).toMatch(/made again {2}agrees: greatest difference 0, the key falls on/)
})

test('a share that was held back is said to be, and agrees with the step that was made', async () => {
  const { config, traffic } = await logged(100, { maxStep: { share: 0.01, perMs: 1000 } })
  const at = traffic.decisions.findIndex(({ basis }) => basis!.held !== undefined)
  const { from, most } = traffic.decisions[at]!.basis!.held!
  const { text, error } = await run(traffic.ids[at]!, { config })
  expect(error).toBeUndefined()
  expect(text).toContain(`held back   from ${[...from].join(', ')}, by at most ${most} at once`)
  expect(text).toMatch(/made again {2}agrees: greatest difference 0,/)
})

test('an id that somebody changed is not genuine, and nothing is said of it', async () => {
  const { config, traffic } = await logged(5)
  const id = traffic.ids[0]!
  const { text, error } = await run(`${id.slice(0, 40)}${id[40] === 'A' ? 'B' : 'A'}${id.slice(41)}`, {
    config,
  })
  expect(explain(error)).toContain('not sealed with any key')
  expect(text).toBe('')
})

test("with the store's own secret, ids of other keys are not genuine", async () => {
  const { config, traffic } = await logged(5)
  vi.stubEnv('BANDIT_SIGNING_KEYS', '')
  expect(explain((await run(traffic.ids[0]!, { config })).error)).toContain('not sealed with any key')
})

test('a log that has another propensity than the id is found out', async () => {
  const { config, dir, traffic } = await logged()
  const [name] = await readdir(dir)
  const { key, propensity } = traffic.decisions[50]!
  const lines = (await readFile(join(dir, name!), 'utf8')).split('\n')
  const forged = lines.map((line) => {
    return line.includes(key) ? line.replace(`"propensity":${propensity}`, '"propensity":0.123') : line
  })
  await writeFile(join(dir, name!), forged.join('\n'))
  const { text, error } = await run(traffic.ids[50]!, { config })
  expect(text).toContain('DOES NOT AGREE')
  expect(explain(error)).toContain('the decision does not add up')
})

test('says so where the log does not have it, or there is none', async () => {
  const { config, dir, folder, traffic } = await logged(5)
  for (const name of await readdir(dir)) await rm(join(dir, name))
  expect((await run(traffic.ids[0]!, { config })).text).toContain('decision log: nothing of it')
  const plain = join(folder, 'plain.yaml')
  await writeFile(plain, (await readFile(config, 'utf8')).replace(/decision_log.*\n/, ''))
  expect((await run(traffic.ids[0]!, { config: plain })).text).toContain('none is configured')
})
