/** How much memory a worker may hold: so many times what it held when it was new, or so many bytes. */
export type MemoryLimit = { readonly factor: number } | { readonly bytes: number }

/** Of a small model the batches of its first minute already make a multiple. */
const leastGrowth = 256 * 2 ** 20

/** Bytes from which a worker is replaced that held `warmed` of them when it had loaded and run its model. */
export function bytesAllowed(limit: MemoryLimit, warmed: number): number {
  return 'bytes' in limit ? limit.bytes : Math.max(limit.factor * warmed, warmed + leastGrowth)
}
