const firstMs = 100
const lastMs = 30_000

/**
 * Milliseconds to wait before restart `attempt` (0, 1, 2, …): uniform below a bound that doubles from 0.1 to 30 s,
 * so that replicas that died together do not come back together (full jitter).
 *
 * @param random uniform in [0, 1)
 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(lastMs, firstMs * 2 ** attempt)
}
