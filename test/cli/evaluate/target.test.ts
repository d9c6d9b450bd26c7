import { expect, test } from 'vitest'
import type { History } from '../../../bandit/index.ts'
import { parseTarget } from '../../../cli/evaluate/target.ts'

const nothing = { count: 0, sum: 0, sumOfSquares: 0, importanceSum: 0, successes: 0 }
const history = {
  arms: ['a', 'b'].map((name) => ({ belief: { name, ...nothing } })),
  learning: { bounds: { low: 0, high: 1 }, forgetting: { kind: 'none' } },
} as unknown as History

test('a policy is judged with the steps that its shares would move by', () => {
  const text = '{"name":"thompson","max_step":{"share":0.1,"per":"1m"}}'
  expect(parseTarget(text, history).maxStep).toEqual({ share: 0.1, perMs: 60_000 })
  expect(parseTarget('thompson', history).maxStep).toBeUndefined()
  expect(() => parseTarget('{"name":"ucb1","max_step":{"share":0.1,"per":"1m"}}', history)).toThrow(
    /policy.max_step: ucb1 gives all to one arm/,
  )
})
