/** PromQL for the mean reward of applied feedback; rewards below 0 are counted apart, as counters cannot fall. */
export function rewardRate(series: string, by?: string): string {
  const sum = by === undefined ? 'sum' : `sum by (${by})`
  const rateOf = (metric: string) => `${sum} (rate(${metric}{${series}}[$__rate_interval]))`
  return `(${rateOf('bandit_reward_gain_total')} - ${rateOf('bandit_reward_loss_total')})
/ ${rateOf('bandit_reward_observations_total')}`
}
