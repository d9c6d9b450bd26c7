/**
 * Random bytes out of a supply that is fetched in bulk: asking the system for twelve bytes costs as much as asking
 * for thousands. No byte is given out twice.
 *
 * @param fetch cryptographically strong random bytes, such as those of node:crypto
 */
export function createRandomPool(
  fetch: (count: number) => Uint8Array,
  supplyBytes = 8192,
): (count: number) => Uint8Array {
  let supply = fetch(supplyBytes)
  let taken = 0
  return function take(count) {
    if (count > supplyBytes) return fetch(count)
    if (taken + count > supplyBytes) {
      supply = fetch(supplyBytes)
      taken = 0
    }
    taken += count
    return supply.subarray(taken - count, taken)
  }
}
