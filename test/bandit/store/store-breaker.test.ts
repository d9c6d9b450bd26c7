import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createStoreBreaker } from '../../../bandit/store/store-breaker.ts'

const newBreaker = () => {
  vi.useFakeTimers()
  const world = { answers: false, pings: 0 }
  const told: string[] = []
  const breaker = createStoreBreaker({
    async ping() {
      world.pings += 1
      if (!world.answers) throw new Error('no answer')
    },
    monotonic: () => performance.now(),
    changed: (change) => void told.push(change.state === 'open' ? `open: ${change.reason}` : 'closed'),
  })
  onTestFinished(() => {
    breaker.stop()
    vi.useRealTimers()
  })
  return { breaker, world, told }
}

beforeEach(() => void vi.useFakeTimers())

const miss = (breaker: { missed(reason: string): void }, times: number) => {
  for (let time = 0; time < times; time += 1) breaker.missed('timed out')
}

test('five calls in a row that are not answered open it, told once; an answer between them begins anew', () => {
  const { breaker, told } = newBreaker()
  miss(breaker, 4)
  breaker.heard()
  miss(breaker, 4)
  expect(() => breaker.check()).not.toThrow()
  miss(breaker, 3)
  expect(() => breaker.check()).toThrow('timed out')
  expect(told).toEqual(['open: timed out'])
})

test('a second without any answer opens it, however few the calls', () => {
  const { breaker } = newBreaker()
  miss(breaker, 1)
  vi.advanceTimersByTime(999)
  miss(breaker, 1)
  expect(() => breaker.check()).not.toThrow()
  vi.advanceTimersByTime(1)
  miss(breaker, 1)
  expect(() => breaker.check()).toThrow('timed out')
})

test('open, it asks once a second and closes with the first answer to that, not to a call from before', async () => {
  const { breaker, world, told } = newBreaker()
  miss(breaker, 5)
  breaker.heard()
  await vi.advanceTimersByTimeAsync(2000)
  expect(world.pings).toBe(2)
  expect(() => breaker.check()).toThrow()
  world.answers = true
  await vi.advanceTimersByTimeAsync(1000)
  expect(() => breaker.check()).not.toThrow()
  await vi.advanceTimersByTimeAsync(5000)
  expect([world.pings, told]).toEqual([3, ['open: timed out', 'closed']])
})

test('it asks at once when the connection is there again, and never while it is closed', async () => {
  const { breaker, world } = newBreaker()
  breaker.ask()
  expect(world.pings).toBe(0)
  miss(breaker, 5)
  world.answers = true
  breaker.ask()
  await vi.advanceTimersByTimeAsync(0)
  expect(() => breaker.check()).not.toThrow()
})

test('stopped, it neither asks nor opens', async () => {
  const { breaker, world } = newBreaker()
  miss(breaker, 5)
  breaker.stop()
  await vi.advanceTimersByTimeAsync(5000)
  miss(breaker, 9)
  expect(() => breaker.check()).not.toThrow()
  expect(world.pings).toBe(0)
})
