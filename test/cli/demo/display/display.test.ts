import { expect, test } from 'vitest'
import { createLineDisplay } from '../../../../cli/demo/display/display.ts'
import { demoProgress } from '../../../fixtures/demo-progress.ts'

test('without a terminal there is a block every five seconds and a line for each notice', () => {
  const lines: string[] = []
  const display = createLineDisplay((line) => lines.push(line))
  for (let elapsedMs = 0; elapsedMs < 11_000; elapsedMs += 125) display.show(demoProgress({ elapsedMs }))
  display.notice('the gateway died')
  display.close()
  expect(lines.filter((line) => /^\d/.test(line))).toEqual([
    '0:05  dim, noisy images since 0:25: another arm is the best now',
    '0:10  dim, noisy images since 0:25: another arm is the best now',
    '0:11  the gateway died',
  ])
  expect(lines.filter((line) => line.includes('robust')).length).toBe(2)
})

test('plain lines hold no control characters and fit a hundred cells', () => {
  const lines: string[] = []
  createLineDisplay((line) => lines.push(line)).show(demoProgress())
  expect(lines.length).toBe(14)
  for (const line of lines) {
    expect(line).not.toMatch(/\p{Cc}/u)
    expect(line.length).toBeLessThanOrEqual(100)
  }
})

test('a late block is not followed by the ones it has missed', () => {
  const lines: string[] = []
  const display = createLineDisplay((line) => lines.push(line))
  display.show(demoProgress({ elapsedMs: 23_000 }))
  display.show(demoProgress({ elapsedMs: 23_125 }))
  expect(lines.length).toBe(14)
})
