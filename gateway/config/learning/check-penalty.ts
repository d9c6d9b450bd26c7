import type { CrossFault } from '../cross-fault.ts'
import { nearest } from '../reading/nearest.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, partOf } from '../reading/raw.ts'

/** What answers cost, against the arms that there are and the rest of the reward. */
export function* checkPenalty(path: Path, reward: unknown, arms: readonly string[]): Iterable<CrossFault> {
  const penalty = partOf(reward, 'penalty')
  if (penalty === undefined) return
  const at = [...path, 'penalty']
  if (partOf(reward, 'delay') === 'corrected') {
    const message =
      'with delay: corrected silence counts as 0, whatever its answer cost: use delay: arrival or hold'
    yield { path: at, message, atKey: true }
  }
  const most = partOf(penalty, 'most')
  const costs = entriesOf(penalty, 'cost')
  const perSecond = partOf(penalty, 'latency_s')
  if (costs.length === 0 && (perSecond === undefined || perSecond === 0)) {
    yield { path: at, message: 'it takes nothing off: give latency_s, cost, or both' }
  }
  for (const [arm, cost] of costs) {
    if (!arms.includes(arm)) {
      const near = nearest(arm, arms)
      const mend = near === undefined ? `there are ${arms.join(', ')}` : `did you mean ${near}?`
      yield { path: [...at, 'cost', arm], message: `there is no arm ${arm}: ${mend}`, atKey: true }
    }
    if (typeof cost === 'number' && typeof most === 'number' && cost > most) {
      yield {
        path: [...at, 'cost', arm],
        message: `more than most, which is ${most}: raise that, or lower this`,
      }
    }
  }
}
