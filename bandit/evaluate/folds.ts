import { coinFromKey } from '../random.ts'
import type { LoggedDecision } from './history.ts'

/** Parts of the log, so that no decision is compared with a reward model that it is part of. */
export const foldCount = 5

/**
 * By its key and not by its place, for a policy may take the arms by turns; and by its unit, for a model that knows it would
 * know the reward.
 */
export function foldOf({ key, unit = key }: Pick<LoggedDecision, 'key' | 'unit'>): number {
  return Math.floor(coinFromKey(unit) * foldCount)
}
