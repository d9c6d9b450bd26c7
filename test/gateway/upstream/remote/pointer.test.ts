import { expect, test } from 'vitest'
import { find, parsePointer, place } from '../../../../gateway/upstream/remote/pointer.ts'

test.each<[string, unknown, unknown]>([
  ['', [1, 2], [1, 2]],
  ['/a', [1, 2], { a: [1, 2] }],
  ['/a/b', 3, { a: { b: 3 } }],
  ['/rows/*/x', [1, 2], { rows: [{ x: 1 }, { x: 2 }] }],
  ['/*/x', [[1], [2]], [{ x: [1] }, { x: [2] }]],
  ['/a~1b/~0c', 1, { 'a/b': { '~c': 1 } }],
  ['/__proto__', 1, JSON.parse('{"__proto__": 1}')],
])('%s', (pointer, value, json) => {
  const steps = parsePointer(pointer)
  const placed = place(undefined, steps, value)
  expect(JSON.stringify(placed)).toBe(JSON.stringify(json))
  expect(find(placed, steps)).toEqual(value)
})

test('what is placed after another joins it', () => {
  const first = place(undefined, parsePointer('/rows/*/x'), [1, 2])
  expect(place(first, parsePointer('/rows/*/y'), ['a', 'b'])).toEqual({
    rows: [
      { x: 1, y: 'a' },
      { x: 2, y: 'b' },
    ],
  })
})

test.each([
  [{ a: 1 }, '/b'],
  [{}, '/constructor'],
  [[1], '/1'],
  ['text', '/length'],
  [null, '/a'],
])('of %j nothing stands at %s', (value, pointer) => {
  expect(find(value, parsePointer(pointer))).toBeUndefined()
})
