import { coinFromKey } from '../random.ts'

/** Parts of the log, so that no decision is compared with a reward model that it is part of. */
export const foldCount = 5

/** By its key and not by its place, for a policy may take the arms by turns. */
export function foldOf(key: string): number {
  return Math.floor(coinFromKey(key) * foldCount)
}
