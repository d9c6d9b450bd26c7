import { expect, test } from 'vitest'
import { createEvents } from '../../../gateway/events/events.ts'
import { createStallWatch, type StallVerdict } from '../../../gateway/events/stall.ts'
import { watchFeedback } from '../../../gateway/events/watch-feedback.ts'
import { createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'

const minute = 60_000
const hour = 60 * minute

interface World {
  /** Pulls a second at a time. */
  readonly traffic: (at: number) => number
  /** Share of the pulls that are answered. */
  readonly share: number
  readonly delayMs: number
  /** Whether the feedback that was due then came. */
  readonly arrives?: (at: number) => boolean
  readonly leastMs?: number
}

/** What is told, and when, over `forMs`, looking every ten seconds from an endpoint's beginning. */
function tell(forMs: number, { traffic, share, delayMs, arrives = () => true, leastMs = 5 * minute }: World) {
  const watch = createStallWatch(leastMs)
  const told: (StallVerdict & { at: number })[] = []
  const step = 10_000
  let pulls = 0
  let heard = 0
  for (let at = 0; at < forMs; at += step) {
    pulls += traffic(at) * (step / 1000)
    const due = at - delayMs
    if (due >= 0 && arrives(at)) heard += traffic(due) * (step / 1000) * share
    const found = watch({ at, pulls: Math.floor(pulls), heard: Math.floor(heard), p90Ms: delayMs })
    if (found !== undefined) told.push({ ...found, at })
  }
  return told
}

const steady = { traffic: () => 2, share: 0.5, delayMs: 30_000 }

test('feedback that stops is told once, and once when it is back', () => {
  const arrives = (at: number) => at < hour || at >= 2 * hour
  expect(tell(4 * hour, { ...steady, arrives })).toEqual([
    {
      at: expect.any(Number),
      verdict: 'stalled',
      silentMs: expect.any(Number),
      pulls: expect.any(Number),
      expected: expect.any(Number),
    },
    { at: 2 * hour, verdict: 'back', silentMs: expect.any(Number) },
  ])
  const [stalled, back] = tell(4 * hour, { ...steady, arrives })
  expect(stalled!.at - hour).toBeGreaterThanOrEqual(5 * minute)
  expect(stalled!.at - hour).toBeLessThan(6 * minute)
  expect(back!.silentMs).toBe(hour + 10_000)
})

test('feedback that takes long is waited for three times as long', () => {
  const [stalled] = tell(9 * hour, { ...steady, delayMs: hour / 2, arrives: (at) => at < 3 * hour })
  expect(stalled!.at - 3 * hour).toBeGreaterThanOrEqual(1.5 * hour)
  expect(stalled!.at - 3 * hour).toBeLessThan(1.6 * hour)
})

test.each<[string, World]>([
  ['feedback goes on', steady],
  ['nobody asks at night', { ...steady, traffic: (at) => (at % (24 * hour) < 16 * hour ? 2 : 0) }],
  [
    'hardly anybody asks at night',
    { ...steady, traffic: (at) => (at % (24 * hour) < 16 * hour ? 2 : 0.002) },
  ],
  ['feedback is rare', { ...steady, share: 0.001 }],
  ['there never was any', { ...steady, share: 0 }],
  ['feedback is late, and there is much traffic', { traffic: () => 1000, share: 0.9, delayMs: 20 * minute }],
])('nothing is told where %s', (_what, world) => {
  expect(tell(72 * hour, world)).toEqual([])
})

test('rare feedback that stops is told when ten were to be expected', () => {
  const [stalled] = tell(24 * hour, { ...steady, share: 0.01, arrives: (at) => at < 6 * hour })
  // 2 a second · 1 % = one in 50 s.
  expect(stalled).toMatchObject({ verdict: 'stalled', expected: 10 })
  expect(stalled!.at - 6 * hour).toBeGreaterThan(500_000 + 4 * minute)
  expect(stalled!.at - 6 * hour).toBeLessThan(500_000 + 7 * minute)
})

test('an endpoint tells it as an event; with the store away nothing is made of it', () => {
  let now = 0
  const counts = { pulls: 0, rewarded: 0, age: 250 }
  const fake = createFakeEndpoint({ clock: () => now })
  const view = fake.agent.view()
  const agent = {
    view: () => ({
      snapshotAgeMs: counts.age,
      arms: [{ ...view.arms[0]!, ...counts, voided: 0, delay: { p50Ms: 1, p90Ms: 1000, p99Ms: 5000 } }],
    }),
  }
  const events = createEvents({ clock: () => now, createId: () => 'own' })
  const told: string[] = []
  events.listen(({ kind, endpoint, detail }) => told.push(`${kind} ${endpoint}: ${detail}`))
  const settings = { reward: { stalledAfterMs: minute } }
  const look = watchFeedback({ name: 'digits', settings, agent }, events, () => now)
  const pass = (ms: number, rewarded: number) => {
    for (const end = now + ms; now < end; now += 1000) {
      counts.pulls += counts.age === 250 ? 10 : 0
      counts.rewarded += rewarded
      look()
    }
  }
  pass(minute, 5)
  counts.age = 20_000
  pass(hour, 0)
  counts.age = 250
  pass(30_000, 0)
  expect(told).toEqual([])
  pass(5 * minute, 0)
  pass(minute, 5)
  expect(told).toHaveLength(2)
  expect(told[0]).toMatch(
    /^feedback_stalled digits: no feedback for 1 min, where about \d+ were to be expected/,
  )
  expect(told[1]).toBe('feedback_back digits: feedback comes again after 6 min')
  const off = watchFeedback(
    {
      name: 'digits',
      settings: { reward: {} },
      agent: {
        view: () => {
          throw new Error('looked')
        },
      },
    },
    events,
    () => now,
  )
  expect(off).not.toThrow()
})
