import type { toBeliefs } from '../beliefs/beliefs.ts'
import { fromMicro } from '../beliefs/statistics.ts'
import type { EndpointState } from '../store/store.ts'
import { correctedContexts } from './corrected-contexts.ts'
import { type CorrectedCount, correctedCounts } from './corrected-counts.ts'
import { type ArmDelays, type DelayTimes, gatherDelays } from './evidence.ts'
import { warnOfWindow, type WindowWarning } from './window-warning.ts'

type Learned = ReturnType<typeof toBeliefs>[number]

/** What is believed of an endpoint's arms once the pulls that still wait are taken into account. */
export interface DelayOutlook {
  readonly beliefs: readonly Learned[]
  /** Per arm, pulls in the store that say nothing yet. */
  readonly pending: readonly number[]
  readonly delays: readonly ArmDelays[]
  readonly warnings: readonly WindowWarning[]
}

export interface DelaySettings extends DelayTimes {
  readonly corrections: boolean
}

export function considerDelays(
  learned: readonly Learned[],
  state: EndpointState,
  nowMs: number,
  settings: DelaySettings,
): DelayOutlook {
  const names = learned.map(({ name }) => name)
  const counts = learned.map(({ count }) => count)
  const delays = gatherDelays(names, state, counts, nowMs, settings)
  const corrected = settings.delay === 'corrected' ? correctedCounts(delays) : undefined
  const beliefs =
    corrected === undefined ? learned : correctBeliefs(learned, corrected, state, delays, nowMs, settings)
  const pending = names.map((name, at) => corrected?.[at]!.pending ?? waiting(state, name, settings))
  return { beliefs, pending, delays, warnings: warningsOf(beliefs, delays, settings) }
}

function correctBeliefs(
  learned: readonly Learned[],
  corrected: readonly CorrectedCount[],
  state: EndpointState,
  delays: readonly ArmDelays[],
  nowMs: number,
  settings: DelaySettings,
): readonly Learned[] {
  const contexts = correctedContexts(learned, state, delays, nowMs, settings)
  return learned.map((belief, at) => {
    const count = Math.max(belief.sum, corrected[at]!.count)
    const linear = contexts[at]
    return { ...belief, count, ...(linear !== undefined && { linear }) }
  })
}

/** Where late rewards count, no window hides them. */
function warningsOf(
  beliefs: readonly Learned[],
  delays: readonly ArmDelays[],
  { windowMs, defaultMicro, corrections }: DelaySettings,
): readonly WindowWarning[] {
  if (corrections) return []
  const arms = beliefs.map(({ name, count, sum }, at) => ({ name, count, sum, rewards: delays[at]!.rewards }))
  const defaultShare = defaultMicro === undefined ? undefined : fromMicro(defaultMicro)
  const warning = warnOfWindow(arms, windowMs, defaultShare)
  return warning === undefined ? [] : [warning]
}

function waiting(state: EndpointState, name: string, { delay }: DelaySettings): number {
  let pending = 0
  for (const { pulls, rewarded, voided } of state.arms.get(name)?.open.values() ?? [])
    pending += Math.max(0, pulls - voided - (delay === 'hold' ? 0 : rewarded))
  return pending
}
