import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { eventLevels, type EventKind } from '../../../gateway/events/event.ts'
import { parseConfig } from '../../../gateway/config/parse-config.ts'

const text = readFileSync(new URL('../../../gateway/events/README.md', import.meta.url), 'utf8')
const wordsOf = (cell: string) => cell.split(',').map((word) => word.trim().replaceAll('`', ''))

test('every kind of event is told of with its level', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| `'))
  const told = rows.flatMap((row) => {
    const [, kinds, levels] = row.split('|')
    const each = wordsOf(levels!)
    return wordsOf(kinds!).map((kind, index) => [kind, each[index] ?? each[0]])
  })
  expect(Object.fromEntries(told)).toEqual(eventLevels)
  expect(told).toHaveLength(Object.keys(eventLevels satisfies Record<EventKind, string>).length)
})

test('its configuration is sound', () => {
  const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(text)!
  const base = { models: { a: { onnx: 'a.onnx' } }, endpoints: { e: { arms: { one: { model: 'a' } } } } }
  expect(parseConfig(JSON.stringify({ ...base, ...parse(yaml!) }), 'f')).toHaveProperty('config')
})
