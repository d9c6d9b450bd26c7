import type { EndpointView } from '../../bandit/index.ts'
import type { Events } from './events.ts'
import { createStallWatch, type StallVerdict } from './stall.ts'

export interface FedEndpoint {
  readonly name: string
  readonly settings: { readonly reward: { readonly stalledAfterMs?: number | undefined } }
  readonly agent: { view(): Pick<EndpointView, 'snapshotAgeMs' | 'arms'> }
}

/** A view costs more than a look. */
const lookEveryMs = 10_000
/** What was counted meanwhile comes all at once when the store is back, and tells nothing of when. */
const staleMs = 5000

/** Looks again and again at whether the feedback of an endpoint has stopped, and tells when that changes. */
export function watchFeedback(
  { name: endpoint, settings, agent }: FedEndpoint,
  { emit }: Pick<Events, 'emit'>,
  clock: () => number,
): () => void {
  const { stalledAfterMs } = settings.reward
  if (stalledAfterMs === undefined) return () => {}
  let watch = createStallWatch(stalledAfterMs)
  let isStalled = false
  let lookedAt = -Infinity

  function tell(found: StallVerdict): void {
    isStalled = found.verdict === 'stalled'
    const silence = inWords(found.silentMs)
    if (found.verdict === 'back') {
      const detail = `feedback comes again after ${silence}`
      emit({ kind: 'feedback_back', endpoint, detail, facts: { silent_ms: found.silentMs } })
      return
    }
    const { pulls, expected, silentMs } = found
    const detail = `no feedback for ${silence}, where about ${expected} were to be expected of ${pulls} predictions: see whether it is still sent`
    emit({ kind: 'feedback_stalled', endpoint, detail, facts: { silent_ms: silentMs, pulls, expected } })
  }

  return () => {
    const at = clock()
    if (at - lookedAt < lookEveryMs) return
    lookedAt = at
    const { snapshotAgeMs, arms } = agent.view()
    if (snapshotAgeMs > staleMs) {
      if (!isStalled) watch = createStallWatch(stalledAfterMs)
      return
    }
    const found = watch({
      at,
      pulls: arms.reduce((sum, arm) => sum + arm.pulls, 0),
      heard: arms.reduce((sum, arm) => sum + arm.rewarded + arm.voided, 0),
      p90Ms: Math.max(0, ...arms.map((arm) => arm.delay?.p90Ms ?? 0)),
    })
    if (found !== undefined) tell(found)
  }
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
