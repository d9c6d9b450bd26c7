import type { Learner } from '../../bandit/index.ts'
import type { DecisionLog } from './decision-log.ts'

/** The same learner, with everything it learned put into the log. */
export function loggedLearner(learner: Learner, log: DecisionLog): Learner {
  return {
    async learn(feedback) {
      const outcome = await learner.learn(feedback)
      log.rewarded(feedback, outcome)
      return outcome
    },
  }
}
