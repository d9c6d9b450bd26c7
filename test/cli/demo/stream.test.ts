import { expect, test } from 'vitest'
import type { LabelledImage } from '../../../cli/demo/example.ts'
import type { Noise } from '../../../cli/demo/noise.ts'
import { changeAt, planRequests } from '../../../cli/demo/stream.ts'

const images: LabelledImage[] = Array.from({ length: 50 }, (_, at) => ({
  pixels: Array<number>(64).fill(at % 17),
  label: at % 10,
}))
const noise: Noise = { description: '', contrast: 0.4, sigma: 2, clip: [0, 16] }

const plan = (seed: number, total = 2_000) => [...planRequests({ images, noise, seed, total })]

test('the same seed plans the same requests, another seed others', () => {
  expect(plan(1)).toEqual(plan(1))
  expect(plan(2)).not.toEqual(plan(1))
})

test('a pass goes through every image once, and the passes are in different orders', () => {
  const [first, second] = [plan(1).slice(0, 50), plan(1).slice(50, 100)]
  const clean = (requests: typeof first) => requests.map(({ pixels }) => pixels)
  expect(new Set(clean(first))).toEqual(new Set(images.map(({ pixels }) => pixels)))
  expect(clean(second)).not.toEqual(clean(first))
})

test('the first half is clean, the second half is noisy, and labels stay true', () => {
  const requests = plan(1, 201)
  expect(changeAt(201)).toBe(100)
  for (const { index, phase, pixels, label } of requests) {
    expect(phase).toBe(index < 100 ? 'clean' : 'noisy')
    const known = images.some((image) => image.pixels === pixels && image.label === label)
    expect(known).toBe(phase === 'clean')
  }
})

test('labels come half a second to four seconds later, not in order, a few of them twice', () => {
  const feedback = plan(1, 10_000).map((request) => request.feedback)
  const delays = feedback.map(({ delayMs }) => delayMs)
  expect(Math.min(...delays)).toBe(500)
  expect(Math.max(...delays)).toBe(4_000)
  expect(delays.toSorted((a, b) => a - b)[5_000]).toBeGreaterThan(1_300)
  expect(delays.toSorted((a, b) => a - b)[5_000]).toBeLessThan(1_500)
  const duplicates = feedback.filter(({ duplicateAfterMs }) => duplicateAfterMs !== undefined).length
  // Five standard errors around the planned share.
  expect(Math.abs(duplicates - 300)).toBeLessThan(5 * Math.sqrt(10_000 * 0.03 * 0.97))
  const batched = feedback.filter((planned) => planned.batched).length
  expect(Math.abs(batched - 3_000)).toBeLessThan(5 * Math.sqrt(10_000 * 0.3 * 0.7))
})
