import { expect, test } from 'vitest'
import { createRing } from '../../../gateway/console/ring.ts'

test('a ring keeps the newest, oldest first, and tells those after a place', () => {
  const ring = createRing<string>(3)
  expect(ring.after(0)).toEqual([])
  ;['a', 'b'].forEach((item, at) => ring.add(at + 1, item))
  expect(ring.after(0)).toEqual(['a', 'b'])
  ;['c', 'd', 'e', 'f', 'g'].forEach((item, at) => ring.add(at + 3, item))
  expect(ring.after(0)).toEqual(['e', 'f', 'g'])
  expect(ring.after(6)).toEqual(['g'])
  expect(ring.after(7)).toEqual([])
})
