import { describe, expect, test } from 'vitest'
import { toTerms, valueOf, type EstimatorName } from '../../../bandit/evaluate/estimators.ts'
import { bootstrap } from '../../../bandit/evaluate/intervals.ts'
import { weightFacts, type Samples } from '../../../bandit/evaluate/samples.ts'
import {
  fetchOpenBandit,
  type OpenBanditRow,
  type OpenBanditSample,
  readKeptOpenBandit,
  readOpenBandit,
} from '../../support/fetch-open-bandit.ts'

/**
 * Figures computed elsewhere on the sample of the Open Bandit Dataset that the PyPI package obp ships: 10,000
 * decisions of Thompson sampling in a fashion shop, judged for the policy that shows every item alike. Taken from PyPI
 * where that can be reached, else from the columns that are kept with the tests.
 */
const unavailable = await fetchOpenBandit().then(
  () => undefined,
  (error: Error) => error.message.trim().replaceAll(/\s+/g, ' '),
)
if (unavailable !== undefined)
  console.log(`the Open Bandit sample as it is kept, for pip could not fetch it: ${unavailable}`)
const read = unavailable === undefined ? readOpenBandit : readKeptOpenBandit

const maxWeight = 10
const items = { men: 34, women: 46 }

/** Without a reward model, so that dr is ips. */
async function uniformOn(campaign: keyof typeof items): Promise<Samples> {
  const rows = await read(`bts-${campaign}`)
  const nothing = new Float64Array(rows.length)
  return {
    weights: Float64Array.from(rows, ({ propensity }) => 1 / items[campaign] / propensity),
    rewards: Float64Array.from(rows, ({ click }) => click),
    direct: nothing,
    predicted: nothing,
    leverage: nothing,
  }
}

describe('the Open Bandit sample', () => {
  test.each<OpenBanditSample>(['bts-men', 'bts-women', 'random-men'])(
    'what is kept of %s is what the package has',
    async (sample) => {
      const kept = await readKeptOpenBandit(sample)
      expect(kept).toHaveLength(10_000)
      expect(kept).toEqual(await read(sample))
    },
  )

  test('men: 656 of 10,000 decisions count, and the estimates are the known ones', async () => {
    const samples = await uniformOn('men')
    const facts = weightFacts(samples.weights)
    expect(samples.rewards).toHaveLength(10_000)
    expect(facts.mean).toBeCloseTo(0.943314, 6)
    expect(facts.max).toBeCloseTo(178.2531, 4)
    expect(facts.effective).toBeCloseTo(655.71, 2)

    const terms = toTerms(samples, maxWeight)
    const value = (name: EstimatorName) => valueOf(terms.find((term) => term.name === name)!)
    expect(value('ips')).toBeCloseTo(0.00300863, 8)
    expect(value('snips')).toBeCloseTo(0.00318942, 8)
    expect(value('clipped')).toBeCloseTo(0.00300863, 8)
    expect(value('clipped-sn')).toBeCloseTo(0.00383108, 8)
    expect(value('dr')).toBe(value('ips'))

    const [[low, high]] = bootstrap([terms[0]!], { seed: 1, resamples: 1000, confidence: 0.95 }) as [
      [number, number],
    ]
    expect((high - low) / (2 * 1.96)).toBeCloseTo(0.000774, 4)
    expect(low).toBeLessThan(0.0046)
    expect(high).toBeGreaterThan(0.0046 - 0.0004)
  })

  test('the log earned more than showing every item alike does', async () => {
    const clicks = (rows: readonly OpenBanditRow[]) =>
      rows.reduce((sum, { click }) => sum + click, 0) / rows.length
    expect(clicks(await read('bts-men'))).toBeCloseTo(0.0069, 10)
    expect(clicks(await read('random-men'))).toBeCloseTo(0.0046, 10)
  })

  test('women: two decisions decide everything, which is why the effective size gates an answer', async () => {
    const { weights } = await uniformOn('women')
    expect(weightFacts(weights).effective).toBeCloseTo(2.0778, 4)
    expect(weightFacts(weights).max).toBeGreaterThan(20_000)
  })
})
