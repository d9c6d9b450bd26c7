import { describe, expect, test } from 'vitest'
import { createEncoding } from '../../../../bandit/index.ts'
import { applyOverrides } from '../../../../gateway/overrides.ts'
import { endpointFaults, soundConfig } from '../../../fixtures/sound-config.ts'

const head = 'models: { a: { onnx: ./a.onnx } }\n'
const written = (rest: string, arms = 'x: { model: a }, y: { model: a }') =>
  `${head}endpoints: { e: { arms: { ${arms} }, ${rest} } }\n`

const parse = (rest: string) => soundConfig(written(rest))
const faults = (rest: string, arms?: string): string[] => endpointFaults(written(rest, arms))

const bare = 'context: { features: { member: { type: boolean } } }'
const features = (text: string, rest = '') => `context: { features: { ${text} }${rest} }`

test('a context in full', () => {
  const [endpoint] = parse(
    features(
      `age: { type: number, range: [18, 99], missing: 40 }, spend: { type: number, mean: 50, deviation: 20 },
       country: { type: category, values: [DE, NO], unlisted: refuse, missing: DE },
       query: { type: text, buckets: 8, missing: '' }, member: { type: boolean, missing: false }`,
      ', interactions: [[country, member], [age, age]]',
    ),
  ).endpoints
  expect(endpoint!.context).toEqual({
    features: [
      { kind: 'range', name: 'age', low: 18, high: 99, missing: 40 },
      { kind: 'standard', name: 'spend', mean: 50, deviation: 20 },
      { kind: 'category', name: 'country', values: ['DE', 'NO'], unlisted: 'refuse', missing: 'DE' },
      { kind: 'text', name: 'query', buckets: 8, missing: '' },
      { kind: 'boolean', name: 'member', missing: false },
    ],
    interactions: [
      ['country', 'member'],
      ['age', 'age'],
    ],
  })
  expect(endpoint!.ledger).toBe('stored')
  expect(createEncoding(endpoint!.context!).encode({ spend: 50 })).toMatchObject({ status: 'encoded' })
})

test('the settings of the policies are in the unit of the rewards', () => {
  const policyOf = (policy: string) =>
    parse(`policy: ${policy}, reward: { bounds: [-10, 10] }, ${bare}`).endpoints[0]!.policy
  expect(policyOf('{ name: lin-ucb, alpha: 5, ridge: 2 }')).toMatchObject({ alpha: 0.25, ridge: 2 })
  expect(policyOf('{ name: lin-thompson, deviation: 4 }')).toMatchObject({ deviation: 0.2 })
  expect(policyOf('{ name: lin-epsilon-greedy, epsilon: 0.3 }')).toMatchObject({ epsilon: 0.3 })
})

test.each(['default: 0.5', 'default: 0, delay: hold', 'delay: corrected'])(
  'rewards with %s are learned by a context of 32 numbers',
  (reward) => {
    const [endpoint] = parse(
      `reward: { ${reward} }, ${features('query: { type: text, buckets: 31 }')}`,
    ).endpoints
    expect(endpoint!.ledger).toBe('stored')
  },
)

describe('is refused with the place and the way to mend it:', () => {
  test.each([
    [
      'a policy without its context',
      'policy: { name: lin-ucb }',
      ['policy.name: lin-ucb chooses by context: declare one under context, or name another policy'],
    ],
    [
      'what cannot be learned by context',
      `ledger: signed, ${bare}`,
      ['ledger: rewards are learned by context, which a signed id does not carry: use ledger: stored'],
    ],
    [
      'a default by a context of too many numbers',
      `reward: { default: 0 }, ${features('query: { type: text, buckets: 32 }')}`,
      [
        'reward.default: a default by context takes at most 32 numbers, and this context becomes 33: leave out or coarsen features, or use none',
      ],
    ],
    [
      'silence by a context of too many numbers',
      `reward: { delay: corrected }, ${features('query: { type: text, buckets: 32 }')}`,
      [
        'reward.delay: silence by context takes at most 32 numbers, and this context becomes 33: leave out or coarsen features, or use arrival or hold',
      ],
    ],
    [
      'settings that regressions do not have',
      `policy: { name: lin-ucb, prior: { alpha: 2, beta: 2 }, stop: {}, deviation: 0.1 }, ${bare}`,
      [
        'policy.prior: a policy by context has no use for it: take it out',
        'policy.stop: a policy by context has no use for it: take it out',
        'policy.deviation: only thompson and lin-thompson have this: take it out',
      ],
    ],
    ['no feature', features(''), ['context.features: there is no feature: add at least one']],
    [
      'a number without a scale',
      features('age: { type: number, mean: 3 }'),
      ['context.features.age: a number has a range, or else a mean and a deviation: give one or the other'],
    ],
    [
      'a number with two scales',
      features('age: { type: number, range: [0, 1], deviation: 3 }'),
      ['context.features.age: a number has a range, or else a mean and a deviation: give one or the other'],
    ],
    [
      'a range upside down',
      features('age: { type: number, range: [9, 1] }'),
      ['context.features.age.range: expected the least value first, and a greater one after'],
    ],
    [
      'a default that is refused itself',
      features('c: { type: category, values: [a, b], unlisted: refuse, missing: z }'),
      ['context.features.c.missing: expected one of a, b, since others are refused'],
    ],
    [
      'a category twice',
      features('c: { type: category, values: [a, a] }'),
      ['context.features.c.values: one of them is there twice'],
    ],
    [
      'a name that is none',
      features('"a b": { type: boolean }'),
      [
        'context.features.a b: a name is 1 to 64 letters, digits, points, hyphens or underscores: choose another',
      ],
    ],
    [
      'an interaction with nothing',
      features('member: { type: boolean }', ', interactions: [[member, membr]]'),
      ['context.interactions.0.1: there is no feature membr: did you mean member?'],
    ],
    [
      'too many numbers',
      features('a: { type: text, buckets: 12 }, b: { type: text, buckets: 12 }', ', interactions: [[a, b]]'),
      ['context: the context becomes 169 numbers: leave out or coarsen until it is at most 128'],
    ],
  ])('%s', (_what, rest, expected) => {
    expect(faults(rest).toSorted()).toEqual(expected.toSorted())
  })

  test('a kind that there is not', () => {
    expect(faults(features('age: { type: numeric }'))).toHaveLength(1)
    expect(faults(features('age: { type: numeric }'))[0]).toContain('context.features.age')
  })

  test('a prior of an arm', () => {
    expect(
      faults(
        `policy: { name: lin-ucb }, ${bare}`,
        'x: { model: a, prior: { alpha: 2, beta: 1 } }, y: { model: a }',
      ),
    ).toEqual(['arms.x.prior: a policy by context has no use for it: take it out'])
  })
})

test('the command line may name a contextual policy only where there is a context', () => {
  const named = applyOverrides(parse(bare), { policy: 'lin-ucb' })
  expect(named.endpoints[0]!.policy.name).toBe('lin-ucb')
  expect(() => applyOverrides(parse('policy: { name: ucb1 }'), { policy: 'lin-ucb' })).toThrow(
    'lin-ucb chooses by context, and endpoint e declares none',
  )
})
