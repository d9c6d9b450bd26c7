import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyEvent, applyVoid } from '../../../bandit/rewards/apply-feedback.ts'
import type { RewardRules } from '../../../bandit/rewards/write-mark.ts'
import { combineNames, type Combine } from '../../../bandit/rewards/combine.ts'
import { delayNames } from '../../../bandit/delay/delay.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import { silenceOf } from '../../../bandit/rewards/silence.ts'
import { closeOverBuckets } from '../../../bandit/rewards/sweep.ts'

const windowMs = 60_000
const bucketMs = 1000
const start = 1_700_000_000_000
const decisions = 4

type Step =
  | {
      readonly kind: 'event'
      readonly of: number
      readonly eventId: string
      readonly at: number
      readonly micro: number
    }
  | { readonly kind: 'void'; readonly of: number }
  | { readonly kind: 'pull'; readonly of: number }
  | { readonly kind: 'end' }

const event = fc.record({
  kind: fc.constant('event' as const),
  of: fc.nat({ max: decisions - 1 }),
  eventId: fc.constantFrom('', 'click', 'sale'),
  at: fc.integer({ min: 1, max: 9 }),
  micro: fc.integer({ min: 0, max: 1_000_000 }),
})
const voided = fc.record({ kind: fc.constant('void' as const), of: fc.nat({ max: decisions - 1 }) })
const history = fc.array(fc.oneof({ weight: 4, arbitrary: event }, { weight: 1, arbitrary: voided }), {
  maxLength: 10,
})

const keyOf = (of: number) => `decision-number${of}`

interface Rules extends Pick<RewardRules, 'combine' | 'delay' | 'defaultMicro'> {
  readonly penalised?: boolean
}

/** Sums, counts and what is still open after the steps, each of which may come again. */
async function play(steps: readonly Step[], { penalised = false, ...rules }: Rules) {
  let now = start + 500
  const clock = () => now
  const times = { windowMs, bucketMs, forgetting: { kind: 'none' } as const }
  const settings = {
    endpoint: 'shop',
    generation: '0a1b2c3d',
    windowMs,
    bucketMs,
    hold: rules.delay === 'hold',
  }
  const store = createSqliteStore({ path: ':memory:', clock })
  const endpoint = store.endpoint(settings)
  const penalty =
    penalised && rules.delay !== 'corrected' ? { perSecond: 1, costs: {}, most: 0.3 } : undefined
  const bounds = { low: penalty === undefined ? 0 : -0.3, high: 1 }
  const all: RewardRules = {
    endpoint: 'shop',
    store: endpoint,
    bounds,
    penalty,
    corrections: true,
    ...times,
    ...rules,
  }
  const claims = (of: number) => ({
    key: keyOf(of),
    endpoint: 'shop',
    arm: 'a',
    propensity: 0.5,
    decidedAt: start + of,
    generation: '0a1b2c3d',
    degraded: false,
    ...(penalty && { penaltyMicro: 123_457 * (of + 1) }),
  })
  async function end(): Promise<void> {
    now = start + 2 * windowMs
    await closeOverBuckets((await endpoint.readState())!, {
      store: endpoint,
      clock,
      ...times,
      defaultMicro: rules.defaultMicro,
      penalty,
    })
  }
  for (const step of steps) {
    if (step.kind === 'end') await end()
    else if (step.kind === 'void') await applyVoid(claims(step.of), all)
    else if (step.kind === 'pull') {
      const sums = silenceOf(claims(step.of), 1, all)
      const silence = sums === undefined ? {} : { silence: { epoch: 0, sums } }
      const counts = [{ arm: 'a', bucket: start / bucketMs, pulls: 1, ...silence }]
      await endpoint.recordPulls({ gateway: `g${step.of}`, sequence: 1, counts })
    } else {
      const { eventId, at, micro } = step
      await applyEvent(
        { eventId, at: start + at * 1000, acceptedAt: start + at * 1000, micro },
        claims(step.of),
        all,
      )
    }
  }
  await end()
  const arm = (await endpoint.readState())!.arms.get('a')!
  await store.close()
  return {
    sums: Array.from(arm.epochs.get(0) ?? []),
    totals: arm.totals,
    open: arm.open.size,
    held: arm.held.size,
  }
}

const pulls: Step[] = Array.from({ length: decisions }, (_, of) => ({ kind: 'pull', of }))

test('wherever the window ends among rewards, corrections and voids, in any order and again: the same bits', async () => {
  const shuffled = history.chain((steps) =>
    fc.record({
      steps: fc.constant(steps),
      again: fc.shuffledSubarray([...steps, ...steps], { minLength: 2 * steps.length }),
      endAt: fc.nat({ max: 2 * steps.length }),
      combine: fc.constantFrom<Combine>(...combineNames),
      delay: fc.constantFrom(...delayNames),
      defaultMicro: fc.constantFrom(0, 250_000, undefined),
      penalised: fc.boolean(),
    }),
  )
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ steps, again, endAt, ...rules }) => {
      const inOrder = await play([...pulls, ...steps], rules)
      const mixed = await play(
        [...pulls, ...again.slice(0, endAt), { kind: 'end' }, ...again.slice(endAt)],
        rules,
      )
      expect(mixed).toEqual(inOrder)
      // Pulls that are flushed after their rewards, but before the end, are the same pulls.
      expect(await play([...again, ...pulls], rules)).toEqual(inOrder)
      const { rewarded, voided: taken, defaulted, writtenOff } = inOrder.totals
      expect(rewarded + taken + defaulted + writtenOff).toBe(decisions)
      expect(inOrder).toMatchObject({ open: 0, held: 0 })
    }),
    { numRuns: 150, seed: 11 },
  )
}, 30_000)
