import { expect, test } from 'vitest'
import { count, duration, percent, rate, reward } from '../../../../gateway/console/browser/format.js'

test('numbers have the digits that tell something', () => {
  expect(
    [0, 0.0004, 0.0123, 0.5, 0.9995, 1].map((share) => percent(share).replaceAll('\u00a0', ' ')),
  ).toEqual(['0 %', '< 0.1 %', '1.2 %', '50.0 %', '> 99.9 %', '100 %'])
  expect([0, 0.000123, 0.0456, 0.9, 12.3456, -3.21, 4321].map(reward)).toEqual([
    '0',
    '0.000123',
    '0.046',
    '0.900',
    '12.3',
    '-3.21',
    '4321',
  ])
  expect([0, 0.25, 9.96, 1234.5].map(rate)).toEqual(['0', '0.3', '10.0', '1,235'])
  expect([0, 1234567].map(count)).toEqual(['0', '1,234,567'])
  expect([0.4, 999, 1500, 90_000, 5_400_000, 864_000_000].map(duration)).toEqual([
    '0 ms',
    '999 ms',
    '1.5 s',
    '1.5 min',
    '1.5 h',
    '10 d',
  ])
})
