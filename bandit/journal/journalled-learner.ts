import type { Learner } from '../learner.ts'
import type { CheckedId } from '../ledger/prediction-id.ts'
import { StoreUnavailable } from '../store/store.ts'
import type { Feedback, FeedbackOutcome } from '../types.ts'
import type { Availability } from './availability.ts'
import type { JournalEvents } from './events.ts'
import { dated, type Accepted, type Journal } from './journal.ts'
import { isKept, mayStillCome } from './kept-statuses.ts'
import type { RecordMemory } from './record-memory.ts'

export interface JournalledLearnerDeps {
  readonly learner: Learner
  readonly journal: Journal
  readonly availability: Availability
  readonly records: Pick<RecordMemory, 'find'>
  /** Whether only the store can say what becomes of it. */
  readonly worthKeeping: (feedback: Feedback, id?: CheckedId) => boolean
  readonly acceptedAt: (feedback: Feedback) => number
  readonly events: Pick<JournalEvents, 'failing' | 'recovered'>
}

/**
 * The same learner, which has every feedback on the disk before the store hears of it. With the store away it answers
 * `journalled`; with the journal failing it learns as before; with neither it rejects with a StoreUnavailable.
 */
export function createJournalledLearner(deps: JournalledLearnerDeps): Learner {
  const { learner, journal, availability, records, worthKeeping, events } = deps
  let failing = false

  async function append(feedback: Accepted): Promise<number | undefined> {
    try {
      const id = await journal.append(feedback)
      if (failing) events.recovered()
      failing = false
      return id
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      if (!failing) events.failing(error)
      failing = true
      return undefined
    }
  }

  async function learnKept(
    feedback: Accepted,
    checked: CheckedId | undefined,
    id: number,
  ): Promise<FeedbackOutcome> {
    try {
      const outcome = await learner.learn(availability.isCatchingUp() ? dated(feedback) : feedback, checked)
      const { status, endpoint = '', key = '', stamp } = outcome
      if (mayStillCome(outcome, availability)) {
        journal.release(id)
        return { status: 'journalled' }
      }
      if (isKept(status))
        journal.settle(id, { record: records.find(endpoint, key), stamps: stamp && [stamp] })
      else journal.forget(id)
      return outcome
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) {
        journal.forget(id)
        throw error
      }
      availability.lost(error)
      journal.release(id)
      return { status: 'journalled' }
    }
  }

  return {
    async learn(feedback, checked) {
      if (!worthKeeping(feedback, checked)) return learner.learn(feedback, checked)
      const accepted = { ...feedback, acceptedAt: deps.acceptedAt(feedback) }
      const id = await append(accepted)
      if (id === undefined) return learner.learn(accepted, checked)
      if (!availability.isAway()) return learnKept(accepted, checked, id)
      journal.release(id)
      return { status: 'journalled' }
    },
  }
}
