import type { Guardrails } from '../config/leash/leash.ts'
import type { Hold } from '../controls/controls.ts'
import type { Breach } from './find-breach.ts'

/** No quarantine is longer than 64 times the first. */
const maxDoublings = 6

/** Having kept to the guardrails for as long, an arm is like one that never broke them. */
const forgivenAfterMs = 3_600_000

export interface Breaches {
  readonly faults: Breach | undefined
  readonly loss: Breach | undefined
}

/**
 * What becomes of an arm that is (not) held, undefined where nothing changes. Free → quarantined → probation → free; a
 * fault on probation, or a loss at its end, is another quarantine, twice as long. With `floor` there is probation
 * alone, and what was a breach is looked at again at its end.
 */
export function nextHold(
  hold: Hold | undefined,
  { faults, loss }: Breaches,
  rules: Guardrails,
  now: number,
): Hold | 'forgiven' | undefined {
  const breach = faults ?? loss
  const isOver = hold !== undefined && now >= hold.until
  switch (hold?.kind) {
    case undefined:
      return breach && punish(breach, 0)
    case 'released':
      if (breach !== undefined) return punish(breach, hold.strikes)
      return isOver ? 'forgiven' : undefined
    case 'quarantined':
      if (!isOver) return undefined
      return { ...hold, kind: 'probation', since: now, until: now + rules.probation.forMs }
    case 'probation':
      if (isOver && breach === undefined) {
        return { ...hold, kind: 'released', since: now, until: now + forgivenAfterMs }
      }
      if (isOver || (faults !== undefined && rules.action === 'quarantine'))
        return punish(breach!, hold.strikes)
      return undefined
  }

  function punish({ reason }: Breach, strikes: number): Hold {
    const length = rules.probation.afterMs * 2 ** Math.min(strikes, maxDoublings)
    const kind = rules.action === 'quarantine' ? 'quarantined' : 'probation'
    return { kind, since: now, until: now + length, strikes: strikes + 1, reason }
  }
}
