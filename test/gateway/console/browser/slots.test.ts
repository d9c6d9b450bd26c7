import { expect, test } from 'vitest'
import { assignSlots } from '../../../../gateway/console/browser/slots.js'
import { armNow } from './pictures.ts'

const arms = (count: number, pullsOf: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => armNow(`arm-${at}`, { share: 0, pulls: pullsOf(at) }))

test('up to eight arms have the colours in their order', () => {
  const slots = assignSlots(
    new Map(),
    arms(8, (at) => 8 - at),
  )
  expect([...slots]).toEqual(Array.from({ length: 8 }, (_, at) => [`arm-${at}`, at]))
})

test('of fifty the eight with most traffic have one, and keep it while others come and go', () => {
  const first = assignSlots(
    new Map(),
    arms(50, (at) => at),
  )
  expect([...first.keys()].toSorted()).toEqual(Array.from({ length: 8 }, (_, at) => `arm-${at + 42}`))
  expect(new Set(first.values()).size).toBe(8)
  const second = assignSlots(
    first,
    arms(50, (at) => (at === 3 ? 1000 : at)),
  )
  expect(second.has('arm-42')).toBe(false)
  expect(second.get('arm-3')).toBe(first.get('arm-42'))
  for (let at = 43; at < 50; at++) expect(second.get(`arm-${at}`)).toBe(first.get(`arm-${at}`))
})
