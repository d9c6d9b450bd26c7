import { Counter, Histogram, type Registry } from 'prom-client'

/** Every line of feedback is one outcome; endpoint and arm are known once the prediction id is verified. */
export interface FeedbackMetrics {
  accepted(feedback: {
    outcome: string
    endpoint?: string | undefined
    arm?: string | undefined
    reward?: number | undefined
    delayMs?: number | undefined
  }): void
  /** Refused, as more would come from the key than may. */
  beyondShare(key: string, endpoint: string): void
}

/** One second to thirty days. */
const delaySeconds = [1, 5, 15, 60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000]

export function createFeedbackMetrics(registry: Registry): FeedbackMetrics {
  const registers = [registry]
  const feedback = new Counter({
    name: 'bandit_feedback_total',
    help: 'Feedback by what became of it',
    labelNames: ['endpoint', 'arm', 'outcome'],
    registers,
  })
  const feedbackDelay = new Histogram({
    name: 'bandit_feedback_delay_seconds',
    help: 'Time from the prediction to its feedback',
    labelNames: ['endpoint'],
    buckets: delaySeconds,
    registers,
  })
  const rewardGain = new Counter({
    name: 'bandit_reward_gain_total',
    help: 'Sum of the rewards above 0 of applied feedback; corrections are not taken back here',
    labelNames: ['endpoint', 'arm'],
    registers,
  })
  // A counter cannot fall, and an endpoint's rewards may be below 0.
  const rewardLoss = new Counter({
    name: 'bandit_reward_loss_total',
    help: 'Sum of the rewards below 0 of applied feedback, without their sign',
    labelNames: ['endpoint', 'arm'],
    registers,
  })
  const rewardObservations = new Counter({
    name: 'bandit_reward_observations_total',
    help: 'Feedback that was applied',
    labelNames: ['endpoint', 'arm'],
    registers,
  })

  const beyondShare = new Counter({
    name: 'bandit_feedback_beyond_share_total',
    help: 'Feedback that was refused because its key has had its share of what the endpoint learns',
    labelNames: ['key', 'endpoint'],
    registers,
  })

  return {
    beyondShare: (key, endpoint) => beyondShare.inc({ key, endpoint }),
    accepted({ outcome, endpoint = 'unknown', arm = 'unknown', reward, delayMs }) {
      feedback.inc({ endpoint, arm, outcome })
      if (delayMs !== undefined) feedbackDelay.observe({ endpoint }, Math.max(0, delayMs) / 1000)
      if (outcome !== 'applied' || reward === undefined) return
      rewardGain.inc({ endpoint, arm }, Math.max(0, reward))
      rewardLoss.inc({ endpoint, arm }, Math.max(0, -reward))
      rewardObservations.inc({ endpoint, arm })
    },
  }
}
