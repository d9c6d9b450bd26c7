import { describe, expect, test } from 'vitest'
import { agreement } from '../../../gateway/shadows/agreement.ts'
import { labels } from '../../fixtures/fake-endpoint.ts'
import { doubles, floats } from '../upstream/fixtures/tensors.ts'

const all = { compare: undefined, tolerance: undefined }

test('labels agree where every row is the same', () => {
  expect(agreement(labels([7, 3]), labels([7, 3]), all)).toBe(true)
  expect(agreement(labels([7, 3]), labels([7, 4]), all)).toBe(false)
  expect(agreement(labels([7]), labels([7, 7]), all)).toBe(false)
})

test('only the output that is named is compared, and nothing where one has no such output', () => {
  const answer = [...labels([7]), doubles('score', [0.1])]
  const copy = [...labels([7]), doubles('score', [0.9])]
  expect(agreement(answer, copy, all)).toBe(false)
  expect(agreement(answer, copy, { ...all, compare: 'label' })).toBe(true)
  expect(agreement(answer, labels([7]), { ...all, compare: 'score' })).toBeUndefined()
  expect(agreement([], copy, all)).toBeUndefined()
})

describe('numbers', () => {
  test.each([
    { a: [0.2, 0.8], b: [0.45, 0.55], tolerance: undefined, agrees: true },
    { a: [0.2, 0.8], b: [0.55, 0.45], tolerance: undefined, agrees: false },
    { a: [0.2, 0.8], b: [0.25, 0.75], tolerance: 0.06, agrees: true },
    { a: [0.2, 0.8], b: [0.3, 0.7], tolerance: 0.06, agrees: false },
  ])('$a and $b within $tolerance: $agrees', ({ a, b, tolerance, agrees }) => {
    const said = agreement([floats('p', [a])], [floats('p', [b])], { ...all, tolerance })
    expect(said).toBe(agrees)
  })

  test('one number a row has to be the same but for rounding, infinities too, and NaN never is', () => {
    const same = (a: number, b: number) => agreement([doubles('y', [a])], [doubles('y', [b])], all)
    expect(same(0.3, 0.3 + 1e-9)).toBe(true)
    expect(same(0.3, 0.31)).toBe(false)
    expect(same(Infinity, Infinity)).toBe(true)
    expect(same(NaN, NaN)).toBe(false)
  })
})
