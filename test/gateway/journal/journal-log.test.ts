import pino from 'pino'
import { expect, test } from 'vitest'
import { createJournalLog } from '../../../gateway/journal/journal-log.ts'

test('accepted feedback that counts for nothing is told once the store has the rest, in one line', () => {
  const lines: { readonly level: number; readonly entries: number }[] = []
  const log = createJournalLog(pino({}, { write: (line) => void lines.push(JSON.parse(line)) }))
  log.lost()
  log.lost()
  log.drained(5, 0)
  log.drained(1, 0)
  expect(lines.map(({ level, entries }) => [level, entries])).toEqual([
    [30, 5],
    [50, 2],
    [30, 1],
  ])
})
