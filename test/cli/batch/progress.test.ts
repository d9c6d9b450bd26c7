import { expect, test } from 'vitest'
import { createBatchProgress, progressLine } from '../../../cli/batch/progress.ts'
import { reshape } from '../../../cli/batch/reshape.ts'

test('the line tells how far, how fast and how long, of this process alone', () => {
  const since = { rows: 50_000, part: 0.5 }
  const line = progressLine({ rows: 60_000, part: 0.6, since, elapsedMs: 10_000 })
  expect(line).toMatch(/^ 60 % ██████████████████ +60,000 rows, 1,000\/s, .*40.* left$/)
  expect(progressLine({ rows: 7, part: undefined, since: { rows: 0, part: 0 }, elapsedMs: 1000 })).toBe(
    '7 rows, 7/s',
  )
})

test('nothing is drawn where nobody watches', () => {
  const written: string[] = []
  const draw = (isTTY: boolean) => {
    const progress = createBatchProgress({ isTTY, write: (text) => written.push(text) }, () => 0)
    progress.show(1, 0.1)
    progress.clear()
  }
  draw(false)
  expect(written).toEqual([])
  draw(true)
  expect(written).toHaveLength(2)
})

test('flat data is nested by its shape', () => {
  expect(reshape([1, 2, 3, 4, 5, 6], [2, 3])).toEqual([[1, 2, 3], [4, 5, 6]]) // prettier-ignore
  expect(reshape([1, 2, 3, 4], [1, 2, 2])).toEqual([[[1, 2], [3, 4]]]) // prettier-ignore
  expect(reshape([7], [1])).toEqual([7])
})
