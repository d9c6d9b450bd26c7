import { expect, test } from 'vitest'
import { parseScenario, ScenarioFault } from '../../../cli/simulate/parse-scenario.ts'

const faultsOf = (text: string): string[] => {
  try {
    parseScenario(text, 'arms.yaml')
  } catch (error) {
    if (error instanceof ScenarioFault) return error.message.split('\n').slice(1)
    throw error
  }
  return []
}

test('short forms stand for long ones, and what is left out has a default', () => {
  expect(
    parseScenario('arms: { old: 0.6, new: { mean: 0.7, delay: 20 } }\npolicies: [ucb1]\n', 'a.yaml'),
  ).toEqual({
    title: 'a.yaml',
    world: {
      arms: [
        {
          name: 'old',
          reward: { kind: 'bernoulli', mean: { points: [{ at: 0, mean: 0.6 }], between: 'steps' } },
          delay: { kind: 'constant', steps: 0 },
        },
        {
          name: 'new',
          reward: { kind: 'bernoulli', mean: { points: [{ at: 0, mean: 0.7 }], between: 'steps' } },
          delay: { kind: 'constant', steps: 20 },
        },
      ],
      horizon: 10_000,
      batch: 1,
      feedback: { learn: 'arrival', silentFailures: false },
    },
    contenders: [
      {
        label: 'ucb1',
        policy: { name: 'ucb1' },
        sampling: 'exact',
        pending: 'counted',
        forgetting: { kind: 'none' },
      },
    ],
    runs: 100,
    seed: 1,
  })
})

test('everything that can be said is heard', () => {
  const scenario = parseScenario(
    `
title: all of it
horizon: 500
runs: 3
seed: 9
batch: 10
stop: { threshold: proven }
arms:
  drift: { mean: [{ at: 0, mean: 0.1 }, { at: 100, mean: 0.9 }], between: lines, delay: { exponential: 5 } }
  amount: { mean: 0.4, sd: 0.1, delay: { geometric: 7 } }
  seen: { rewards: [0, 0.5] }
feedback: { window: 50, default: 0, learn: hold, silent_failures: true }
policies:
  - { name: thompson, label: fading, half_life: 100, prior: { alpha: 2, beta: 3 }, pending: ignored, sampling: exact }
  - { name: kl-ucb, c: 3, sliding_window: 200 }
  - { name: epsilon-greedy, epsilon: 0.2, decay_after: 30, change_detection: { span: 400, risk: 0.01, scope: all } }
  - thompson
`,
    'all.yaml',
  )
  expect(scenario).toMatchObject({
    title: 'all of it',
    world: {
      arms: [
        {
          reward: { kind: 'bernoulli', mean: { between: 'lines' } },
          delay: { kind: 'exponential', mean: 5 },
        },
        { reward: { kind: 'gaussian', sd: 0.1 }, delay: { kind: 'geometric', mean: 7 } },
        { reward: { kind: 'list', values: [0, 0.5] } },
      ],
      horizon: 500,
      batch: 10,
      feedback: { window: 50, default: 0, learn: 'hold', silentFailures: true },
    },
    runs: 3,
    seed: 9,
    stop: { confidence: 0.95, threshold: 'proven' },
  })
  expect(scenario.contenders).toEqual([
    {
      label: 'fading',
      policy: { name: 'thompson', prior: { alpha: 2, beta: 3 } },
      sampling: 'exact',
      pending: 'ignored',
      forgetting: { kind: 'half-life', halfLifeMs: 100 },
    },
    {
      label: 'kl-ucb',
      policy: { name: 'kl-ucb', c: 3 },
      sampling: 'exact',
      pending: 'counted',
      forgetting: { kind: 'sliding-window', spanMs: 200 },
    },
    {
      label: 'epsilon-greedy',
      policy: { name: 'epsilon-greedy', epsilon: 0.2, decayAfter: 30 },
      sampling: 'exact',
      pending: 'counted',
      forgetting: { kind: 'change-detection', spanMs: 400, risk: 0.01, scope: 'all' },
    },
    {
      label: 'thompson',
      policy: { name: 'thompson' },
      sampling: 'posterior',
      pending: 'counted',
      forgetting: { kind: 'none' },
    },
  ])
})

test('every fault is told at once, each at its place', () => {
  const text = `horizont: 5
runs: 0
arms:
  a: 1.5
  b: { mean: 0.5, rewards: [1] }
  c: { mean: 0.5, delay: { geometric: 1, constant: 2 } }
  d: { mean: [{ at: 5, mean: 0.1 }, { at: 5, mean: 0.2 }] }
policies:
  - thomson
  - { name: ucb1, sampling: posterior }
`
  expect(faultsOf(text)).toEqual([
    'arms.yaml:1:1 horizont: there is no setting "horizont": did you mean horizon?',
    'arms.yaml:2:7 runs: expected at least 1, found 0',
    expect.stringMatching(/^arms\.yaml:4:6 arms\.a\.mean\.0\.mean: expected at most 1, found 1\.5$/),
    'arms.yaml:5:6 arms.b: expected either mean or rewards',
    'arms.yaml:6:26 arms.c.delay: expected one of constant, geometric and exponential',
    'arms.yaml:7:43 arms.d.mean.1.at: expected more than 5',
    expect.stringMatching(/^arms\.yaml:9:5 policies\.0\.name: .*did you mean thompson\?$/),
    expect.stringMatching(/^arms\.yaml:10:29 policies\.1\.sampling: posterior is for thompson/),
  ])
})

test.each([
  ['', 'arms.yaml:1:1 arms: expected names and what they stand for, found nothing: add it'],
  ['arms: {}', 'arms.yaml:1:7 arms: there is no arm: add at least one'],
  [
    'arms: { a: 0.5 }\npolicies: [ucb1, ucb1]',
    'arms.yaml:2:18 policies.1: ucb1 is there twice: give this one a label',
  ],
  [
    'arms: { a: 0.5 }\nfeedback: { learn: hold }',
    'arms.yaml:2:20 feedback.learn: hold and corrected need a window: add one',
  ],
  [
    'arms: { a: 0.5 }\nfeedback: { default: 0 }',
    'arms.yaml:2:22 feedback.default: a default counts when the window ends: add a window',
  ],
  [
    'arms: { a: 0.5 }\nfeedback: { learn: corrected, window: 9, default: 0 }',
    'arms.yaml:2:51 feedback.default: corrected judges silence by its age: take the default out',
  ],
  [
    'arms: { a: 0.5 }\nfeedback: { learn: corrected, window: 9 }\npolicies: [{ name: ucb1, half_life: 9 }]',
    'arms.yaml:3:12 policies.0: nothing is forgotten under learn: corrected: take half_life and the like out',
  ],
  ['arms: { a: 0.5', expect.stringMatching(/^arms\.yaml:1:\d+: /)],
  ['- a', expect.stringMatching(/^arms\.yaml:1:1: expected keys and values, found a list of 1$/)],
])('%j is refused', (text, fault) => {
  expect(faultsOf(text)).toEqual([fault])
})

test('shares that move by steps are played as they are, by policies that have them', () => {
  const step = 'max_step: { share: 0.1, per: 100 }'
  const text = (policy: string) => `arms: { old: 0.6, new: 0.7 }\npolicies: [${policy}]\n`
  const [contender] = parseScenario(text(`{ name: thompson, ${step} }`), 'a.yaml').contenders
  expect(contender).toMatchObject({ sampling: 'exact', maxStep: { share: 0.1, perMs: 100 } })
  expect(faultsOf(text(`{ name: ucb1, ${step} }`))).toEqual([
    expect.stringMatching(/only shares of thompson, .* move by steps: take it out$/),
  ])
  expect(faultsOf(text(`{ name: thompson, sampling: posterior, ${step} }`))).toEqual([
    expect.stringMatching(/are drawn from as they are: use exact$/),
  ])
})
