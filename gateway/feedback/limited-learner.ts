import pLimit from 'p-limit'
import type { Learner } from '../../bandit/index.ts'

/**
 * Feedback that waits for the store at once. More would gain nothing and would only make each wait longer, in the end
 * past the time that the store is given for an answer.
 */
const learnedAtOnce = 256

/** The same learner, for so much at once; the rest waits its turn. */
export function limitedLearner(learner: Learner): Learner {
  const inTurn = pLimit(learnedAtOnce)
  return { learn: (feedback, id) => inTurn(() => learner.learn(feedback, id)) }
}
