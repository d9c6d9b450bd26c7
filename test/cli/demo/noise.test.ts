import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addNoise, type Noise } from '../../../cli/demo/noise.ts'
import { createNormal, createRandom } from '../../../cli/demo/random.ts'

const noise: Noise = { description: '', contrast: 0.4, sigma: 2, clip: [0, 16] }
const pixelsOf = fc.array(fc.integer({ min: 0, max: 16 }), { minLength: 64, maxLength: 64 })
const seedOf = fc.integer({ min: 0, max: 2 ** 31 - 1 })

test('noisy pixels are whole numbers inside the clip, and the same for the same seed', () => {
  fc.assert(
    fc.property(pixelsOf, seedOf, (pixels, seed) => {
      const spoilt = addNoise(pixels, noise, createNormal(createRandom(seed, 'noise')))
      expect(spoilt.length).toBe(64)
      expect(spoilt.every((pixel) => Number.isInteger(pixel) && pixel >= 0 && pixel <= 16)).toBe(true)
      expect(addNoise(pixels, noise, createNormal(createRandom(seed, 'noise')))).toEqual(spoilt)
    }),
  )
})

test('without noise only the contrast is left', () => {
  expect(addNoise([0, 5, 16], { ...noise, sigma: 0 }, () => 1)).toEqual([0, 2, 6])
})

test('what leaves the clip is cut to it', () => {
  expect(addNoise([0, 16], noise, () => -100)).toEqual([0, 0])
  expect(addNoise([0, 16], noise, () => 100)).toEqual([16, 16])
})

test('the noise has the mean and the spread of the formula where nothing is clipped', () => {
  const wide: Noise = { ...noise, clip: [-1_000, 1_000] }
  const errors = addNoise(Array<number>(20_000).fill(10), wide, createNormal(createRandom(5, 'noise')))
  const mean = errors.reduce((sum, pixel) => sum + pixel, 0) / errors.length
  const variance = errors.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / errors.length
  // Four standard errors of the mean; rounding adds 1/12 to the variance.
  expect(Math.abs(mean - 4)).toBeLessThan((4 * 2) / Math.sqrt(20_000))
  expect(Math.abs(variance - (4 + 1 / 12))).toBeLessThan(0.2)
})
