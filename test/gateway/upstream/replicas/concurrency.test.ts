import { expect, test } from 'vitest'
import { createGradient } from '../../../../gateway/upstream/replicas/concurrency.ts'

const busy = (gradient: ReturnType<typeof createGradient>, ranMs: number, times: number) => {
  for (let i = 0; i < times; i++) gradient.observe(ranMs, gradient.limit(), undefined)
}

test('the limit begins at 20 and grows to 200 while the latency holds', () => {
  const gradient = createGradient()
  expect(gradient.limit()).toBe(20)
  busy(gradient, 10, 50)
  expect(gradient.limit()).toBe(60)
  busy(gradient, 10, 500)
  expect(gradient.limit()).toBe(200)
})

test('one step is that of the formula', () => {
  const gradient = createGradient()
  for (let i = 0; i < 10; i++) gradient.observe(10, 1, undefined)
  // The long mean is 10 + 2/601 · 10; g = 1.5 · 10.033 / 20 = 0.752; 0.8 · 20 + 0.2 · (0.752 · 20 + 4) = 19.8.
  gradient.observe(20, 20, undefined)
  expect(gradient.limit()).toBe(19)
})

test('a latency far beyond the usual brings it down, and time brings it back', () => {
  const gradient = createGradient()
  busy(gradient, 10, 200)
  const before = gradient.limit()
  busy(gradient, 40, 30)
  const slow = gradient.limit()
  expect(slow).toBeLessThan(before / 4)
  busy(gradient, 10, 300)
  expect(gradient.limit()).toBeGreaterThan(2 * slow)
})

test('with few under way the latency says nothing', () => {
  const gradient = createGradient()
  for (let i = 0; i < 100; i++) gradient.observe(10, 3, undefined)
  expect(gradient.limit()).toBe(20)
})

test('refusals bring it down to one, faults of other kinds leave it', () => {
  const gradient = createGradient()
  for (let i = 0; i < 20; i++) gradient.observe(1, 20, 'bad_output')
  expect(gradient.limit()).toBe(20)
  for (let i = 0; i < 60; i++) gradient.observe(1, 2, 'overloaded')
  expect(gradient.limit()).toBe(1)
})
