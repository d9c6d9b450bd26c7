import type { Learner } from '../../bandit/index.ts'
import type { DecisionLog } from './decision-log.ts'

/** The same learner, with everything it learned put into the log. */
export function loggedLearner(learner: Learner, log: DecisionLog): Learner {
  return {
    async learn(feedback, id) {
      const outcome = await learner.learn(feedback, id)
      log.rewarded(feedback, outcome)
      return outcome
    },
  }
}
