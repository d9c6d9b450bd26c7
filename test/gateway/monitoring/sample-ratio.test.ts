import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { drawSticky, type Basis, type Decision } from '../../../bandit/index.ts'
import {
  createSampleRatio,
  mismatchBelow,
  type SampleRatio,
} from '../../../gateway/monitoring/sample-ratio.ts'
import { createFirstTimes } from '../../../gateway/monitoring/first-times.ts'
import { uniformSource } from '../../bandit/support/random-source.ts'

const arms = ['a', 'b', 'c']

const drawnFrom = (distribution: readonly number[]): Basis => ({
  snapshot: { takenAt: 0, version: 1, beliefs: [], limits: [] },
  arms,
  distribution: Float64Array.from(distribution),
})

const decisionOf = (basis: Basis, arm: string): Decision => ({
  key: 'AAAAAAAAAAAAAAAA',
  endpoint: 'e',
  arm,
  propensity: 0,
  policy: 'thompson',
  decidedAt: 0,
  generation: 'g',
  degraded: false,
  basis,
})

interface Traffic {
  readonly ratio: SampleRatio
  readonly uniform: () => number
  readonly decisions: number
  /** Share of b's answers that never reach anybody. */
  readonly lost?: number
}

/** The propensities move every 50 decisions, as they do while a policy learns. */
function send({ ratio, uniform, decisions, lost = 0 }: Traffic): void {
  for (let sent = 0, basis = drawnFrom([1, 0, 0]); sent < decisions; sent++) {
    if (sent % 50 === 0) {
      const first = 0.1 + 0.4 * uniform()
      basis = drawnFrom([first, 0.9 - first, 0.1])
    }
    const u = uniform()
    const [first, second] = basis.distribution as unknown as [number, number]
    const arm = u < first ? 'a' : u < first + second ? 'b' : 'c'
    if (arm === 'b' && uniform() < lost) continue
    ratio.answered(decisionOf(basis, arm))
  }
}

test('a fair draw that is looked at all the time is hardly ever called a mismatch', () => {
  const uniform = uniformSource(1)
  const windows = 400
  let low = 0
  let alarms = 0
  for (let window = 0; window < windows; window++) {
    const ratio = createSampleRatio({ arms, clock: () => 0 })
    let pValue = 1
    for (let look = 0; look < 10; look++) {
      send({ ratio, uniform, decisions: 50 })
      pValue = ratio.view().answers.pValue
    }
    if (pValue < 0.05) low++
    if (pValue < mismatchBelow) alarms++
  }
  // At most 20 are expected below 0.05; more than 38 in 400 come once in 10,000 runs.
  expect(low).toBeLessThanOrEqual(38)
  expect(alarms).toBe(0)
})

test('three answers in a hundred that an arm loses are found in ten minutes of 400 a second', () => {
  const ratio = createSampleRatio({ arms, clock: () => 0 })
  send({ ratio, uniform: uniformSource(2), decisions: 240_000, lost: 0.03 })
  const { pValue, excess } = ratio.view().answers
  expect(pValue).toBeLessThan(mismatchBelow)
  expect(excess.get('b')).toBeLessThan(0)
  expect(excess.get('a')).toBeGreaterThan(0)
})

test('a tenth that an arm loses is found in ten minutes of 40 a second', () => {
  const ratio = createSampleRatio({ arms, clock: () => 0 })
  send({ ratio, uniform: uniformSource(3), decisions: 24_000, lost: 0.1 })
  expect(ratio.view().answers.pValue).toBeLessThan(mismatchBelow)
})

test('an arm that answers and could not have been drawn is found at once', () => {
  const ratio = createSampleRatio({ arms, clock: () => 0 })
  for (let sent = 0; sent < 10; sent++) ratio.answered(decisionOf(drawnFrom([1, 0, 0]), 'c'))
  expect(ratio.view().answers.pValue).toBeLessThan(mismatchBelow)
})

test('the martingale is the one that is written down', () => {
  const ratio = createSampleRatio({ arms: ['a', 'b'], clock: () => 0 })
  const basis = { ...drawnFrom([0.25, 0.75]), arms: ['a', 'b'] }
  ratio.answered(decisionOf(basis, 'a'))
  ratio.answered(decisionOf(basis, 'a'))
  const tilts = [0.03, 0.1, 0.3, 1, 3].flatMap((tilt) => [tilt, -tilt])
  const terms = tilts.flatMap((tilt) => [
    (Math.exp(tilt) / (0.75 + 0.25 * Math.exp(tilt))) ** 2,
    (1 / (0.25 + 0.75 * Math.exp(tilt))) ** 2,
  ])
  const mean = terms.reduce((sum, term) => sum + term, 0) / terms.length
  expect(ratio.view().answers.pValue).toBeCloseTo(1 / mean, 12)
  expect(ratio.view().answers.excess.get('a')).toBeCloseTo(0.75)
})

test('each window begins anew', () => {
  let now = 0
  const ratio = createSampleRatio({ arms, clock: () => now })
  for (let sent = 0; sent < 10; sent++) ratio.answered(decisionOf(drawnFrom([1, 0, 0]), 'c'))
  now = 600_001
  expect(ratio.view().answers.pValue).toBeLessThan(mismatchBelow)
  now = 86_400_001
  expect(ratio.view().answers).toMatchObject({ pValue: 1, decisions: 0 })
})

test('a decision that was read back says nothing of its draw', () => {
  const ratio = createSampleRatio({ arms, clock: () => 0 })
  const { basis: _, ...read } = decisionOf(drawnFrom([1, 0, 0]), 'c')
  ratio.answered(read)
  expect(ratio.view().answers).toMatchObject({ pValue: 1, decisions: 0 })
})

test('a fault that was counted is missing from the answers and not from the draws', () => {
  const ratio = createSampleRatio({ arms, clock: () => 0 })
  const uniform = uniformSource(4)
  const basis = drawnFrom([0.5, 0.25, 0.25])
  for (let sent = 0; sent < 4000; sent++) {
    const u = uniform()
    if (u < 0.5 && uniform() < 0.3) ratio.failed(decisionOf(basis, 'a'))
    else ratio.answered(decisionOf(basis, u < 0.5 ? 'a' : u < 0.75 ? 'b' : 'c'))
  }
  const { answers, draws } = ratio.view()
  expect(answers.pValue).toBeLessThan(mismatchBelow)
  expect(answers.excess.get('a')).toBeLessThan(-0.05)
  expect(draws.pValue).toBeGreaterThan(0.05)
  expect(draws.decisions).toBe(4000)
  expect(Math.abs(draws.excess.get('a')!)).toBeLessThan(0.03)
})

const unitOf = (n: number): string =>
  createHash('sha256').update(`user ${n}`).digest('base64url').slice(0, 16)

describe('keys that stay with their arms', () => {
  const even = drawnFrom([1 / 3, 1 / 3, 1 / 3])
  /** Each of the keys `rounds` times; `lost` of the arms answers to none of its keys. */
  function sendKeys(
    ratio: SampleRatio,
    { keys, rounds, lost }: { keys: number; rounds: number; lost?: string },
  ): void {
    const armOf = Array.from(
      { length: keys },
      (_, n) => arms[drawSticky(even.distribution, arms, unitOf(n))]!,
    )
    for (let round = 0; round < rounds; round++)
      for (const [n, arm] of armOf.entries())
        if (arm !== lost) ratio.answered({ ...decisionOf(even, arm), sticky: unitOf(n) })
  }

  test('are drawn once, however often they come', () => {
    const ratio = createSampleRatio({ arms, clock: () => 0 })
    sendKeys(ratio, { keys: 20, rounds: 200 })
    const { pValue, decisions } = ratio.view().answers
    expect(decisions).toBe(20)
    expect(pValue).toBeGreaterThan(0.01)
  })

  test('and tell of an arm whose answers are lost all the same', () => {
    const ratio = createSampleRatio({ arms, clock: () => 0 })
    sendKeys(ratio, { keys: 200, rounds: 3, lost: 'b' })
    expect(ratio.view().answers.pValue).toBeLessThan(mismatchBelow)
  })

  test('nobody is first twice, however many there are', () => {
    const firstTimes = createFirstTimes(64)
    const first = new Set<number>()
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 1000; n++) {
        if (!firstTimes.isFirst(unitOf(n))) continue
        expect([n, first.has(n)]).toEqual([n, false])
        first.add(n)
      }
    }
    expect(first.size).toBeGreaterThan(64)
    firstTimes.clear()
    expect(firstTimes.isFirst(unitOf(0))).toBe(true)
  })
})
