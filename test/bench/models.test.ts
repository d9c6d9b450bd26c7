import { describe, expect, test } from 'vitest'
import { chooseModels, readImages } from '../../bench/models.ts'

const timed = (calls: Record<string, number>) =>
  Object.entries(calls).map(([name, callUs]) => ({ name, file: `${name}.onnx`, callUs }))
const choose = (calls: Record<string, number>) => chooseModels(timed(calls)).map(({ name }) => name)

describe('chooseModels', () => {
  test('takes the one nearest to 10 µs and the quickest of those above 50 µs', () => {
    expect(choose({ slowest: 900, quick: 4, slow: 60, right: 11 })).toEqual(['right', 'slow'])
  })
  test('takes the slowest where none is slow', () => {
    expect(choose({ right: 9, slow: 30, other: 20 })).toEqual(['right', 'slow'])
    expect(choose({ only: 30 })).toEqual(['only'])
  })
})

test('images have 64 pixels from 0 to 16', async () => {
  const images = await readImages(3)
  expect(images).toHaveLength(3)
  for (const image of images) {
    expect(image).toHaveLength(64)
    expect(image.every((pixel) => pixel >= 0 && pixel <= 16)).toBe(true)
  }
})
