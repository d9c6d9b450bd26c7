import fc from 'fast-check'

/** How the bytes of a request come to a socket; without one there is no difference. */
export interface Manner {
  readonly kind: 'whole' | 'sliced' | 'chunked' | 'followed' | 'left'
  /** Where it is cut, in 0 to 1. */
  readonly at: number
}

/**
 * Whole, in two pieces, as chunks of unknown number, with another request right behind it, or never sent to its end
 * because the client leaves.
 */
export const manners: fc.Arbitrary<Manner> = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('whole' as const) },
    { weight: 1, arbitrary: fc.constantFrom('sliced' as const, 'chunked' as const, 'left' as const) },
    { weight: 3, arbitrary: fc.constant('followed' as const) },
  ),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
})
