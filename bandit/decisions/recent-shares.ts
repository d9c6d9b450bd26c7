import { bucketOf } from '../buckets.ts'
import type { EndpointState } from '../store/store.ts'

/** Enough pulls to tell shares by, and how long ago they may have been. */
const enough = 1000
const recentMs = 60_000

/** Deviations by which the pulls of an arm may miss its share by chance. */
const mostDeviations = 4

/**
 * The shares that the newest pulls of all gateways had, by the name of the arm, where they are not those that are wanted; undefined
 * where there are none, or the difference is no greater than chance explains.
 *
 * @param wanted by the name of the arm
 */
export function recentShares(
  state: EndpointState,
  wanted: ReadonlyMap<string, number>,
  { bucketMs, now }: { readonly bucketMs: number; readonly now: number },
): ReadonlyMap<string, number> | undefined {
  const pulls = recentPulls(state, bucketOf(now - Math.max(recentMs, bucketMs), bucketMs))
  const all = [...pulls.values()].reduce((sum, count) => sum + count, 0)
  if (all === 0) return undefined
  const shares = new Map(Array.from(pulls, ([arm, count]) => [arm, count / all]))
  const names = [...new Set([...wanted.keys(), ...shares.keys()])]
  const isByChance = names.every((name) => {
    const share = wanted.get(name) ?? 0
    const deviation = Math.sqrt(Math.max(share * (1 - share), 1 / all) / all)
    return Math.abs((shares.get(name) ?? 0) - share) <= mostDeviations * deviation
  })
  return isByChance ? undefined : shares
}

/** By arm, of the newest buckets after `oldest` that have enough together. */
function recentPulls({ arms }: EndpointState, oldest: number): ReadonlyMap<string, number> {
  const buckets = new Set<number>()
  for (const { open } of arms.values()) for (const bucket of open.keys()) buckets.add(bucket)
  const pulls = new Map<string, number>()
  let all = 0
  for (const bucket of [...buckets].toSorted((a, b) => b - a)) {
    if (all >= enough || bucket <= oldest) break
    for (const [name, { open }] of arms) {
      const count = open.get(bucket)?.pulls ?? 0
      if (count > 0) pulls.set(name, (pulls.get(name) ?? 0) + count)
      all += count
    }
  }
  return pulls
}
