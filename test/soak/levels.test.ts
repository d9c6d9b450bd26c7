import { expect, test } from 'vitest'
import { grown, type Levels } from './levels.ts'

const flat = { residentMiB: 100, openFiles: 30, timers: 10, redisKeys: 40, redisMiB: 2 }
const run = (change: (minute: number) => Partial<Levels>): Levels[] =>
  Array.from({ length: 60 }, (_, minute) => ({ ...flat, atMs: minute * 60_000, ...change(minute) }))

test('what stays, or falls, or rises before it has settled has not grown', () => {
  expect(
    grown(
      run(() => ({})),
      600_000,
    ),
  ).toEqual([])
  expect(
    grown(
      run((minute) => ({ residentMiB: 200 - minute })),
      600_000,
    ),
  ).toEqual([])
  expect(
    grown(
      run((minute) => ({ residentMiB: Math.min(10, minute) * 30 })),
      600_000,
    ),
  ).toEqual([])
})

test('what rises for as long as it is looked at has', () => {
  expect(
    grown(
      run((minute) => ({ residentMiB: 100 + minute })),
      600_000,
    ),
  ).toEqual(['residentMiB grew from 113.0 to 157.0'])
  expect(
    grown(
      run((minute) => ({ redisKeys: 40 + 2 * minute })),
      600_000,
    ),
  ).toHaveLength(1)
})

test('one high sample is no growth', () => {
  expect(
    grown(
      run((minute) => ({ residentMiB: minute === 59 ? 300 : 100 })),
      600_000,
    ),
  ).toEqual([])
})
