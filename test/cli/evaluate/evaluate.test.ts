import { appendFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCodeOf, explain } from '../../../cli/faults.ts'
import { runEvaluate, type RunOptions } from '../../../cli/evaluate/run.ts'
import { logTraffic } from '../../fixtures/logged-traffic.ts'
import { tempDir } from '../../support/temp-dir.ts'

interface Result {
  readonly text: string
  readonly notes: string[]
  readonly error: unknown
  readonly json: Json
  readonly svg: string
}

interface Json {
  readonly evaluations: {
    readonly target: string
    readonly decisions: number
    readonly units?: number
    readonly unrewarded: number
    readonly open: number
    readonly logged: { readonly value: number }
    readonly weights: { readonly mean: number; readonly max: number; readonly effective: number }
    readonly support: { readonly missing: number; readonly byArm: Record<string, number> }
    readonly estimates: {
      name: string
      value: number
      interval: [number, number]
      bernstein?: [number, number]
    }[]
  }[]
}

async function run(
  log: string,
  policy: readonly string[],
  changes: Partial<RunOptions> = {},
): Promise<Result> {
  const out = await tempDir()
  const [json, svg] = [join(out, 'result.json'), join(out, 'result.svg')]
  const printed: string[] = []
  const notes: string[] = []
  const options = {
    log,
    endpoint: 'shop',
    policy,
    maxWeight: 10,
    confidence: 0.95,
    seed: 1,
    minEffective: 100,
    maxMissing: 0.01,
    json,
    svg,
    ...changes,
  }
  const output = {
    print: (line: string) => void printed.push(line),
    note: (line: string) => void notes.push(line),
  }
  const error: unknown = await runEvaluate(options, output).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return {
    text: printed.join('\n'),
    notes,
    error,
    json: JSON.parse(await readFile(json, 'utf8').catch(() => '{}')) as Json,
    svg: await readFile(svg, 'utf8').catch(() => ''),
  }
}

describe('a log with every arm in it', () => {
  test('tells what each arm alone and all arms alike would have earned', async () => {
    const dir = await tempDir()
    await logTraffic({ dir, decisions: 1500, policy: 'uniform' })
    const { json, error, text, svg } = await run(dir, ['arm:high', 'arm:middle', 'uniform'])
    expect(error).toBeUndefined()
    for (const [index, truth] of [0.7, 0.5, undefined].entries()) {
      const { estimates, logged } = json.evaluations[index]!
      expect(estimates.map(({ name }) => name)).toContain('switch-dr')
      for (const { name, value, interval, bernstein } of estimates) {
        expect.soft(value, name).toBeCloseTo(truth ?? logged.value, 1)
        expect(interval[0]).toBeLessThanOrEqual(value)
        expect(interval[1]).toBeGreaterThanOrEqual(value)
        if (bernstein !== undefined)
          expect(bernstein[1] - bernstein[0]).toBeGreaterThan(interval[1] - interval[0])
      }
    }
    // The model of the direct method is fitted to the log: its interval is as wide as the mean of one arm says.
    const { interval } = json.evaluations[0]!.estimates.find(({ name }) => name === 'dm')!
    expect((interval[1] - interval[0]) / (2 * 1.96)).toBeCloseTo(Math.sqrt((0.7 * 0.3) / 500), 2)
    expect(text).toContain('arm:high')
    expect(text).toContain('effective sample size')
    expect(svg.match(/<circle/g)).toHaveLength(3 * 8)
  })

  test('finds the policy that made it in its own decisions: every weight is near 1', async () => {
    const dir = await tempDir()
    await logTraffic({ dir, decisions: 1000, minShare: 0.1 })
    const { json, error } = await run(dir, ['{"name":"thompson","min_share":0.1}'])
    expect(error).toBeUndefined()
    const { weights, decisions, estimates, logged } = json.evaluations[0]!
    expect(decisions).toBe(1000)
    expect(weights.mean).toBeCloseTo(1, 1)
    expect(weights.effective / decisions).toBeGreaterThan(0.9)
    expect(estimates.find(({ name }) => name === 'snips')!.value).toBeCloseTo(logged.value, 1)
  })

  test('learns as it goes: a policy that learns ends above one that does not', async () => {
    const dir = await tempDir()
    await logTraffic({ dir, decisions: 1500, policy: 'uniform' })
    const { json } = await run(dir, ['thompson', 'ucb1', 'uniform'])
    const [thompson, ucb1, uniform] = json.evaluations.map(
      ({ estimates }) => estimates.find(({ name }) => name === 'dr')!.value,
    )
    expect(thompson).toBeGreaterThan(0.62)
    expect(thompson).toBeLessThan(0.72)
    expect(ucb1).toBeGreaterThan(uniform! + 0.05)
  })

  test('takes keys that stayed with their arms for one each', async () => {
    const dir = await tempDir()
    await logTraffic({ dir, decisions: 900, policy: 'uniform', keys: 150 })
    const { json, text, error } = await run(dir, ['arm:high'], { minEffective: 30 })
    expect(error).toBeUndefined()
    const { units, decisions, weights } = json.evaluations[0]!
    expect([units, decisions]).toEqual([150, 900])
    expect(weights.effective).toBeLessThan(150 / 2)
    expect(text).toContain('900 decisions with a reward of 150 keys that stayed with their arms')
    expect(text).toContain('resamples of whole keys')
  })

  test('the same seed gives the same intervals, another one others', async () => {
    const dir = await tempDir()
    await logTraffic({ dir, decisions: 500, policy: 'uniform' })
    const [one, again, other] = await Promise.all([1, 1, 2].map((seed) => run(dir, ['uniform'], { seed })))
    expect(again!.json).toEqual(one!.json)
    expect(other!.json.evaluations[0]!.estimates[0]!.interval).not.toEqual(
      one!.json.evaluations[0]!.estimates[0]!.interval,
    )
  })
})

describe('refuses to answer, with exit code 3', () => {
  test('for an arm that the log never chose', async () => {
    const dir = await tempDir()
    await logTraffic({ dir, decisions: 1200, means: { low: 0.05, high: 0.95 } })
    const { error, text, json } = await run(dir, ['arm:low', 'thompson'])
    expect(exitCodeOf(error)).toBe(3)
    expect(explain(error)).toMatch(
      /arm:low: the log says nothing of \d+(\.\d+)? % of what this policy would do \(low/,
    )
    expect(explain(error)).not.toContain('thompson:')
    expect(text).toContain('NOT TO BE TRUSTED')
    expect(json.evaluations[0]!.support.byArm['low']).toBeGreaterThan(0.5)
  })

  test('for a policy whose answer a few decisions would decide', async () => {
    const dir = await tempDir()
    await logTraffic({ dir, decisions: 120, policy: 'uniform' })
    const { error } = await run(dir, ['arm:high'])
    expect(exitCodeOf(error)).toBe(3)
    expect(explain(error)).toMatch(/effective sample size is \d+\.\d, less than 100/)
  })

  test('when no reward is known', async () => {
    const dir = await tempDir()
    await logTraffic({ dir, decisions: 20, answered: 0 })
    const { error } = await run(dir, ['uniform'])
    expect(exitCodeOf(error)).toBe(3)
    expect(explain(error)).toContain('no decision of the log has a reward yet')
  })
})

describe('what silence means', () => {
  test('without a default it is left out', async () => {
    const dir = await tempDir()
    await logTraffic({ dir, decisions: 1000, policy: 'uniform', answered: 0.5 })
    const { decisions, unrewarded, open } = (await run(dir, ['uniform'])).json.evaluations[0]!
    expect(decisions + unrewarded).toBe(1000)
    expect(decisions).toBeGreaterThan(400)
    expect(open).toBe(1)
  })

  test('with a default it counts as that', async () => {
    const dir = await tempDir()
    await logTraffic({ dir, decisions: 1000, policy: 'uniform', answered: 0.5, defaultReward: 0 })
    const { decisions, logged } = (await run(dir, ['uniform'])).json.evaluations[0]!
    expect(decisions).toBe(1000)
    expect(logged.value).toBeCloseTo((0.5 * (0.2 + 0.5 + 0.7)) / 3, 1)
  })
})

describe('the files of the log', () => {
  test('a log in many compressed files is the same log', async () => {
    const [whole, split] = [await tempDir(), await tempDir()]
    await logTraffic({ dir: whole, decisions: 400, policy: 'uniform' })
    await logTraffic({ dir: split, decisions: 400, policy: 'uniform', config: { rotate: 10_000 } })
    expect((await readdir(split)).filter((name) => name.endsWith('.gz')).length).toBeGreaterThan(10)
    const [one, many] = [await run(whole, ['thompson']), await run(split, ['thompson'])]
    expect(many.json).toEqual(one.json)
    expect(many.notes).toEqual([])
  })

  test('half a last line, as a killed process leaves it, is passed over with a note', async () => {
    const dir = await tempDir()
    await logTraffic({ dir, decisions: 300, policy: 'uniform' })
    const before = await run(dir, ['uniform'])
    const [name] = await readdir(dir)
    await appendFile(join(dir, name!), '{"type":"decision","key":"AbCdEfGhIjKlMn')
    const after = await run(dir, ['uniform'])
    expect(after.notes).toEqual([`${name}: the last line was never finished`])
    expect(after.json).toEqual(before.json)
  })
})

test.each([
  ['arm:best', 'the log has no arm "best": use one of low, middle, high'],
  ['{"name":"ucb1"', 'is not JSON'],
  ['ucb9', 'policy.name'],
  ['{"name":"lin-ucb","alpha":1}', 'lin-ucb chooses by context, and the endpoint of this log declares none'],
  ['{"name":"thompson","prior":{"alpha":-1}}', 'policy.prior.alpha'],
])('%s is no policy, and it is said why', async (policy, message) => {
  const dir = await tempDir()
  await logTraffic({ dir, decisions: 20 })
  const { error } = await run(dir, [policy])
  expect(explain(error)).toContain(message)
  expect(exitCodeOf(error)).toBe(1)
})

test('an endpoint that the log does not have is named with those that it has', async () => {
  const dir = await tempDir()
  await logTraffic({ dir, decisions: 20 })
  const { error } = await run(dir, ['uniform'], { endpoint: 'shoes' })
  expect(explain(error)).toBe('bandit: the log has no decision of endpoint "shoes": it has shop')
})
