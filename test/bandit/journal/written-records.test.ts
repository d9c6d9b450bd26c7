import { expect, test } from 'vitest'
import { createWrittenRecords } from '../../../bandit/journal/written-records.ts'

const record = (key: string, value = 'v'.repeat(9)) => ({ endpoint: 'shop', key, value, ttlMs: 1000 })
const keysOf = (records: ReturnType<typeof createWrittenRecords>) => records.all().map(({ key }) => key)

test('the newest records are remembered, as many as fit', () => {
  const records = createWrittenRecords(30)
  for (const key of ['a', 'b', 'c', 'd']) records.add(record(key))
  expect(keysOf(records)).toEqual(['b', 'c', 'd'])
  records.add(record('e', 'v'.repeat(19)))
  expect(keysOf(records)).toEqual(['d', 'e'])
})

test('one that is written again is there once, as it was written last', () => {
  const records = createWrittenRecords(30)
  for (const key of ['a', 'b', 'a']) records.add(record(key))
  expect(keysOf(records)).toEqual(['b', 'a'])
  records.add(record('c'))
  expect(keysOf(records)).toEqual(['b', 'a', 'c'])
})
