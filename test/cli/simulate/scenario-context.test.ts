import { expect, test } from 'vitest'
import { parseScenario, ScenarioFault } from '../../../cli/simulate/parse-scenario.ts'

const faultsOf = (text: string): string[] => {
  try {
    parseScenario(text, 'c.yaml')
  } catch (error) {
    if (error instanceof ScenarioFault) return error.message.split('\n').slice(1)
    throw error
  }
  return []
}

test('a context, what comes in it, and what the arms make of it', () => {
  const { world, contenders } = parseScenario(
    `
context:
  features:
    age: { type: number, range: [18, 98] }
    country: { type: category, values: [DE, FR], unlisted: refuse }
    member: { type: boolean }
    query: { type: text, buckets: 4 }
  interactions: [[country, age]]
traffic: { country: { DE: 3, FR: 1 }, member: 0.25, query: { shoes: 1 } }
arms:
  local: { mean: 0.3, by: { country: { DE: 0.4 }, age: -0.2, query: { shoes: 0.1 } } }
  global: 0.5
policies:
  - { name: lin-ucb, alpha: 0.5, ridge: 2, burn_in: 3 }
  - { name: lin-thompson, deviation: 0.2 }
  - { name: lin-thompson, label: exact, sampling: exact }
  - { name: lin-epsilon-greedy, epsilon: 0.05, half_life: 100 }
`,
    'c.yaml',
  )
  expect(world.contexts).toEqual({
    kind: 'declared',
    schema: {
      features: [
        { kind: 'range', name: 'age', low: 18, high: 98 },
        { kind: 'category', name: 'country', values: ['DE', 'FR'], unlisted: 'refuse' },
        { kind: 'boolean', name: 'member' },
        { kind: 'text', name: 'query', buckets: 4 },
      ],
      interactions: [['country', 'age']],
    },
    traffic: { country: { DE: 3, FR: 1 }, member: { true: 0.25, false: 0.75 }, query: { shoes: 1 } },
    effects: [{ country: { DE: 0.4 }, age: -0.2, query: { shoes: 0.1 } }, {}],
  })
  expect(contenders.map(({ label, sampling }) => [label, sampling])).toEqual([
    ['lin-ucb', 'exact'],
    ['lin-thompson', 'posterior'],
    ['exact', 'exact'],
    ['lin-epsilon-greedy', 'exact'],
  ])
  expect(contenders[0]).toMatchObject({ policy: { name: 'lin-ucb', alpha: 0.5, ridge: 2 }, burnIn: 3 })
  expect(contenders[3]!.forgetting).toEqual({ kind: 'half-life', halfLifeMs: 100 })
})

test('where policies are not named, those that listen are played against those that do not', () => {
  const context = 'context: { features: { member: { type: boolean } } }\n'
  const labels = (text: string) => parseScenario(text, 'c.yaml').contenders.map(({ label }) => label)
  expect(labels('arms: { a: 0.5 }')).toEqual(['thompson', 'kl-ucb', 'ucb1', 'uniform'])
  expect(labels(`${context}arms: { a: 0.5 }`)).toEqual(['lin-ucb', 'lin-thompson', 'thompson', 'uniform'])
})

const head = `context:
  features:
    age: { type: number, range: [18, 98] }
    country: { type: category, values: [DE, FR], unlisted: refuse }
    member: { type: boolean }
`
const arms = 'arms: { a: 0.5 }\npolicies: [lin-ucb]\n'

test.each([
  [
    `${head}traffic: { member: often }\n${arms}`,
    '6:20 traffic.member: expected a share from 0 to 1, or texts',
  ],
  [
    `${head}traffic: { country: { DE: 0 } }\n${arms}`,
    '6:27 traffic.country.DE: expected more than 0, found 0',
  ],
  [
    `${head}arms: { a: { mean: 0.5, by: { country: { DE: much } } } }`,
    '6:40 arms.a.by.country: expected what is added to the mean: a number, or texts',
  ],
  ['arms: { a: 0.5 }\npolicies: [lin-ucb]', '2:12 policies.0.name: lin-ucb chooses by context: declare one'],
  ['arms: { a: { mean: 0.5, by: { age: 0.1 } } }', '1:29 arms.a.by: there is no context to go by'],
  ['arms: { a: 0.5 }\ntraffic: { age: 0.1 }', '2:17 traffic.age: there is no context'],
  [`${head}arms: { a: { rewards: [0], by: { age: 0.1 } } }`, '6:32 arms.a.by: by goes with mean'],
  [
    `${head}arms: { a: { mean: 0.5, by: { ago: 0.1 } } }`,
    '6:36 arms.a.by.ago: there is no feature ago: did you mean age?',
  ],
  [
    `${head}arms: { a: { mean: 0.5, by: { country: { FX: 0.1 } } } }`,
    '6:46 arms.a.by.country.FX: FX never comes: did you mean FR?',
  ],
  [
    `${head}arms: { a: { mean: 0.5, by: { country: 0.1 } } }`,
    '6:40 arms.a.by.country: expected texts and what each adds',
  ],
  [
    `${head}arms: { a: { mean: 0.5, by: { member: { true: 1 } } } }`,
    '6:39 arms.a.by.member: expected a number: what is added to the mean where it is true',
  ],
  [
    `${head}arms: { a: { mean: 0.5, by: { member: 0.3, age: -0.6, country: { FR: 0.4 } } } }`,
    '6:29 arms.a.by: the mean goes from -0.100 to 1.20 with the context: keep it between 0 and 1',
  ],
  [`${head}traffic: { age: 0.5 }\n${arms}`, '6:17 traffic.age: numbers come from their range'],
  [
    `${head}traffic: { membre: 0.5 }\n${arms}`,
    '6:20 traffic.membre: there is no feature membre: did you mean member?',
  ],
  [`${head}traffic: { member: { yes: 1 } }\n${arms}`, '6:20 traffic.member: expected how often this is true'],
  [
    `${head}traffic: { country: 0.5 }\n${arms}`,
    '6:21 traffic.country: expected texts and how often each comes',
  ],
  [
    `${head}traffic: { country: { AT: 1 } }\n${arms}`,
    '6:27 traffic.country.AT: AT is refused: expected one of DE, FR',
  ],
  [
    `${head}    query: { type: text, buckets: 4 }\n${arms}`,
    '6:12 context.features.query: any text may come here: say which',
  ],
  [
    `${head}  interactions: [[age, land]]\n${arms}`,
    '6:24 context.interactions.0.1: there is no feature land',
  ],
  [
    `${head}feedback: { window: 9, default: 0 }\n${arms}`,
    '6:33 feedback.default: defaults are given to many decisions',
  ],
  [
    `${head}feedback: { window: 9, learn: corrected }\n${arms}`,
    '6:31 feedback.learn: silence counts for many decisions',
  ],
  [`${head}stop: {}\n${arms}`, '6:7 stop: by context there is no one best arm'],
  [
    `${head}arms: { a: 0.5 }\npolicies: [{ name: lin-ucb, pending: failed }]`,
    '7:38 policies.0.pending: policies by context learn nothing',
  ],
  ['arms: { a: 0.5 }\npolicies: [{ name: ucb1, alpha: 1 }]', '2:33 policies.0.alpha: only lin-ucb has this'],
  [
    'arms: { a: 0.5 }\npolicies: [{ name: ucb1, ridge: 1 }]',
    '2:33 policies.0.ridge: only lin-ucb, lin-thompson',
  ],
  [
    'arms: { a: 0.5 }\npolicies: [{ name: thompson, deviation: 1 }]',
    '2:41 policies.0.deviation: only lin-thompson and',
  ],
])('%s is refused', (text, fault) => {
  const faults = faultsOf(text)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toContain(`c.yaml:${fault}`)
})
