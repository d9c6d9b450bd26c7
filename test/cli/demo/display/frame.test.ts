import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { frame } from '../../../../cli/demo/display/frame.ts'
import { plain, type Paint } from '../../../../cli/demo/display/paint.ts'
import { demoProgress } from '../../../fixtures/demo-progress.ts'

const notices = [1, 2, 3, 4].map((minute) => ({ atMs: minute * 60_000, text: `notice ${minute}` }))
const picture = (width: number, changes = {}) =>
  frame(demoProgress(changes), { width, paint: plain, notices })
const tableOf = (lines: readonly string[]) =>
  lines.slice(
    lines.findIndex((line) => line.startsWith('arm')),
    -1,
  )

test.each([30, 40, 60, 80, 120, 200])('no line is longer than %d cells', (width) => {
  for (const line of picture(width)) expect(line.length).toBeLessThanOrEqual(width)
})

test('a terminal of 80 cells shows every number, aligned', () => {
  const table = tableOf(picture(80)).slice(0, 8)
  expect(table[0]).toBe('arm          share            right   mean       5–95 %  P(best)  pending  delay')
  expect(table[6]).toBe('robust        83 %  █████▊   89.0 %  0.900  0.880–0.915     98 %    1,024  2.5 s')
  expect(table[5]).toBe('tree ✗         0 %                –  0.400  0.380–0.415      0 %        0  2.5 s')
  expect(new Set(table.map((line) => line.length))).toEqual(new Set([80]))
})

test('a narrow terminal keeps the share and the accuracy, a wide one shows where the beliefs lie', () => {
  expect(tableOf(picture(60))[0]).toContain('right   mean  P(best)')
  expect(tableOf(picture(60))[0]).not.toContain('pending')
  expect(tableOf(picture(30))[0]).toMatch(/arm +share +right/)
  expect(tableOf(picture(120))[6]).toContain('●')
})

test('what is believed to be missed, as a share of the next answers and as answers so far', () => {
  expect(picture(80)).toContain('regret    1.23 % now   61 answers so far')
  const unknown = { regret: { perDecision: 0.5, sinceStart: Number.NaN } }
  expect(picture(80, unknown)).toContain('regret    50.00 % now')
})

test('elapsed and left time, the latest three notices, and where the gateway is', () => {
  const lines = picture(80)
  expect(lines[0]).toBe('bandit demo: digits, thompson, SQLite                       0:31 gone, 0:19 left')
  expect(lines.slice(-4)).toEqual([
    '2:00  notice 2',
    '3:00  notice 3',
    '4:00  notice 4',
    'gateway at http://127.0.0.1:41231, process 12345: kill -9 it and watch; Ctrl-C …',
  ])
})

test('the time line fills up and marks the change in the middle', () => {
  expect(picture(40, { elapsedMs: 0 })[1]).toBe(`${'─'.repeat(20)}┃${'─'.repeat(19)}`)
  expect(picture(40, { elapsedMs: 50_000 })[1]).toBe(`${'━'.repeat(20)}┃${'━'.repeat(19)}`)
  expect(picture(40, { elapsedMs: 70_000 })[1]).toHaveLength(40)
})

test('styles change the look, never the layout', () => {
  const coded: Paint = (style, text) => `\u001B[${style.length}m${text}\u001B[0m`
  for (const width of [60, 80, 120]) {
    const styled = frame(demoProgress(), { width, paint: coded, notices })
    expect(styled.map(stripVTControlCharacters)).toEqual(picture(width))
  }
})

test('failures and refused feedback stand out', () => {
  const painted: string[] = []
  const remember: Paint = (style, text) => {
    if (style === 'red') painted.push(text)
    return text
  }
  const { requests, feedback } = demoProgress()
  const changes = {
    requests: { ...requests, failed: 3 },
    feedback: { ...feedback, outcomes: new Map([['unknown', 2]]) },
  }
  frame(demoProgress(changes), { width: 80, paint: remember, notices: [] })
  expect(painted).toEqual(['3 failed', '2 unknown'])
})
