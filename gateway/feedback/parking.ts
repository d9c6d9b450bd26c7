import type { Feedback, FeedbackOutcome, Learner } from '../../bandit/index.ts'

/**
 * Feedback under a caller's own id that came before its prediction was recorded: kept in memory for a short while
 * and tried again. Every gateway looks into the one store, so it does not matter which of them makes the
 * prediction; a gateway that is killed meanwhile forgets it, which is why its answer is only "parked".
 */
export interface Parking {
  /** False when it cannot be kept: it names no prediction of its own, or there is no room. */
  park(feedback: Feedback): boolean
  /** Tries everything again; what has been here too long is settled as unknown. Never rejects. */
  retry(): Promise<void>
}

export interface ParkingDeps {
  readonly learner: Learner
  readonly endpoints: { has(name: string): boolean }
  readonly clock: () => number
  /** What became of a feedback in the end. */
  readonly settled: (outcome: FeedbackOutcome) => void
  readonly limit?: number
  readonly keepMs?: number
}

export const parkedAtMost = 1000
export const parkedMs = 30_000

export function createParking(deps: ParkingDeps): Parking {
  const { learner, endpoints, clock, settled, limit = parkedAtMost, keepMs = parkedMs } = deps
  const parked = new Map<Feedback, number>()

  async function tryAgain(feedback: Feedback, since: number): Promise<void> {
    // With the store away nothing is known of it, and it waits on.
    const outcome = await learner.learn(feedback).catch(() => undefined)
    if (outcome === undefined && clock() - since <= keepMs) return
    if (outcome?.status === 'unknown' && clock() - since <= keepMs) return
    parked.delete(feedback)
    settled(outcome ?? { status: 'unknown' })
  }

  return {
    park(feedback) {
      const { callerId } = feedback
      if (callerId === undefined || !endpoints.has(callerId.endpoint) || parked.size >= limit) return false
      const acceptedAt = clock()
      parked.set({ ...feedback, acceptedAt }, acceptedAt)
      return true
    },
    async retry() {
      await Promise.all(Array.from(parked, ([feedback, since]) => tryAgain(feedback, since)))
    },
  }
}
