import { expect, test } from 'vitest'
import { createInFlightLimit } from '../../../gateway/overload/in-flight-limit.ts'

const look = { spanMs: 250, isPressed: false }

test('while all places are taken, the place of who came in vain goes to nobody', () => {
  const limit = createInFlightLimit(200)
  for (let count = 0; count < 200; count++) expect(limit.enters()).toBe(true)
  // Forty of them have found a queue full; at first that may be chance.
  for (let count = 0; count < 40; count++) limit.left(true)
  expect(limit.enters()).toBe(false)
  limit.left(false)
  expect([limit.enters(), limit.enters()]).toEqual([true, false])
  for (let count = 0; count < 150; count++) limit.left(false)
  limit.look(look)
  expect(limit.enters()).toBe(true)
})

test('a few that come back in vain change nothing', () => {
  const limit = createInFlightLimit(200)
  for (let count = 0; count < 200; count++) limit.enters()
  for (let count = 0; count < 8; count++) limit.left(true)
  for (let count = 0; count < 8; count++) expect(limit.enters()).toBe(true)
})
