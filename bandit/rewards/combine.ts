/** What several events of one decision are together. */
export const combineNames = ['first', 'last', 'sum', 'mean', 'max', 'min'] as const
export type Combine = (typeof combineNames)[number]

const most = 1e6

/**
 * The reward of events in micro-units of the range of rewards, in the order in which they first happened; never
 * empty. Every rule starts from what happened and not from a number of its own, so a greatest of losses is a loss.
 * `zeroMicro` is where a reward of 0 lies: a sum is of rewards, not of their places in the range, and stays in it.
 */
export function combined(micros: readonly number[], combine: Combine, zeroMicro: number): number {
  switch (combine) {
    case 'first':
      return micros[0]!
    case 'last':
      return micros.at(-1)!
    case 'max':
      return Math.max(...micros)
    case 'min':
      return Math.min(...micros)
    case 'mean':
      return Math.round(micros.reduce((sum, value) => sum + value, 0) / micros.length)
    case 'sum': {
      const sum = micros.reduce((total, value) => total + (value - zeroMicro), zeroMicro)
      return Math.round(Math.min(most, Math.max(0, sum)))
    }
  }
}
