import { writeFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runEvaluate } from '../../../cli/evaluate/run.ts'
import { uniformSource } from '../../bandit/support/random-source.ts'
import { openContextual } from '../../fixtures/contextual-gateway.ts'
import { post } from '../../fixtures/gateway-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** One arm is right in each country; the policy that ran is named. The folder of the log that it left. */
async function playShop(policy: string, decisions: number): Promise<string> {
  return play(
    `{ arms: { x: { model: m, min_share: 0.1 }, y: { model: m, min_share: 0.1 } }, policy: ${policy},
       context: { features: { country: { type: category, values: [DE, FR] } } },
       reward: { window: 10s, bounds: [-1, 3] } }`,
    decisions,
    (isRight, random) => (random() < (isRight ? 0.9 : 0.1) ? 3 : -1),
  )
}

/** The folder of the log of an endpoint; undefined = nothing is heard of the decision. */
async function play(
  endpoint: string,
  decisions: number,
  rewardOf: (isRight: boolean, random: () => number) => number | undefined,
  everyMs = 20,
): Promise<string> {
  const random = uniformSource(11)
  let now = 1_790_000_000_000
  const { gateway, agent, lines, close } = await openContextual(endpoint, { random, clock: () => now })
  onTestFinished(close)
  for (let turn = 0; turn < decisions; turn++) {
    now += everyMs
    const country = random() < 0.5 ? 'DE' : 'FR'
    const { body } = await post(gateway, '/predict', {
      inputs: { pixels: [[0, 1, 2, 3]] },
      context: { country },
    })
    const right = (body['arm'] === 'x') === (country === 'DE')
    const reward = rewardOf(right, random)
    if (reward !== undefined)
      await post(gateway, '/feedback', { prediction_id: body['prediction_id'], reward })
    if (turn % 20 === 19) await agent.synchronise()
  }
  const dir = await tempDir()
  await writeFile(join(dir, 'decisions-1-one-0.ndjson'), lines.join(''))
  return dir
}

async function judge(log: string, policy: readonly string[]) {
  const out = join(await tempDir(), 'result.json')
  const options = { maxWeight: 20, confidence: 0.95, seed: 1, minEffective: 50, maxMissing: 0.01 }
  await runEvaluate(
    { log, endpoint: 'shop', policy, json: out, ...options },
    { print: () => undefined, note: (line) => expect.unreachable(line) },
  )
  const { evaluations } = JSON.parse(await readFile(out, 'utf8')) as {
    evaluations: {
      weights: { effective: number; mean: number }
      logged: { value: number }
      estimates: { name: string; value: number }[]
    }[]
  }
  return evaluations.map(({ estimates, weights, logged }) => ({
    weights,
    logged,
    values: new Map(estimates.map(({ name, value }) => [name, value])),
  }))
}

test('a policy by context is judged by the log of one that never looked, in the unit of the rewards', async () => {
  const log = await playShop('{ name: uniform }', 250)
  const [ucb, thompson, x] = await judge(log, [
    '{"name":"lin-ucb","alpha":1,"min_share":0.05}',
    '{"name":"lin-thompson","min_share":0.05}',
    'arm:x',
  ])
  // 0.9 of 3 less 0.1 of 1 where the arm is right; the least share of the other, and learning, cost some of it.
  for (const name of ['snips', 'dm', 'dr']) {
    expect.soft(ucb!.values.get(name), name).toBeGreaterThan(2)
    expect.soft(thompson!.values.get(name), name).toBeGreaterThan(2)
    expect.soft(x!.values.get(name), name).toBeCloseTo(1, 0)
  }
  expect(ucb!.values.get('dr')).toBeLessThan(2.7)
})

test('the log of a policy by context finds that policy again, and judges one that never looks', async () => {
  const log = await playShop('{ name: lin-thompson }', 250)
  const [own, uniform] = await judge(log, ['{"name":"lin-thompson","min_share":0.1}', 'uniform'])
  expect(own!.weights.mean).toBeCloseTo(1, 1)
  expect(own!.weights.effective).toBeGreaterThan(200)
  expect(own!.values.get('snips')).toBeCloseTo(own!.logged.value, 1)
  // The arms were mostly shown where they were right: only a model that looks at contexts sees through it.
  expect(uniform!.values.get('dm')).toBeCloseTo(1, 0)
  expect(own!.logged.value).toBeGreaterThan(2)
})

test('where only successes report, silence is judged as a 0 once its window is over', async () => {
  const log = await play(
    `{ arms: { x: { model: m }, y: { model: m } }, policy: { name: uniform },
       context: { features: { country: { type: category, values: [DE, FR] } } },
       reward: { window: 1s, delay: corrected } }`,
    300,
    (isRight, random) => (random() < (isRight ? 0.9 : 0.1) ? 1 : undefined),
    200,
  )
  const [x, ucb] = await judge(log, ['arm:x', '{"name":"lin-ucb","min_share":0.05}'])
  expect(x!.values.get('dr')).toBeCloseTo(0.5, 1)
  expect(x!.logged.value).toBeCloseTo(0.5, 1)
  expect(ucb!.values.get('dr')).toBeGreaterThan(0.7)
  expect(ucb!.values.get('dr')).toBeLessThan(0.9)
})
