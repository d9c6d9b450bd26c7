import { rewardRate } from './reward-rate.ts'
import type { DashboardSpec } from './spec.ts'
import { arm, endpoint } from './variables.ts'

const arms = 'endpoint="$endpoint", arm=~"$arm"'
const decided = `bandit_decisions_total{endpoint="$endpoint", reason!="repeated"}`

/** Gateways agree but for lag. */
const expectedRegret = 'avg(bandit_expected_regret{endpoint="$endpoint"})'

export const armPerformance: DashboardSpec = {
  uid: 'bandit-arms',
  title: 'Arm performance',
  description: 'Which arm gets the traffic, which one earns it, and how sure that is.',
  variables: [endpoint, arm],
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'value',
          title: 'Most likely best',
          description: 'The arm with the greatest probability that no other is better, and that probability.',
          unit: 'percentunit',
          width: 6,
          queries: [
            {
              legend: '{{arm}}',
              expr: 'topk(1, avg by (arm) (bandit_arm_probability_best{endpoint="$endpoint"}))',
            },
          ],
        },
        {
          kind: 'value',
          title: 'Reward a decision',
          description:
            'Mean reward of the feedback that was applied, over all arms, in the unit of the reward.',
          unit: 'none',
          width: 6,
          decimals: 3,
          queries: [{ legend: 'reward', expr: rewardRate('endpoint="$endpoint"') }],
        },
        {
          kind: 'value',
          title: 'Expected regret a decision',
          description:
            'Reward that the next decision is expected to miss for not being the best, by what is believed: the price of exploring, in the unit of the reward.',
          unit: 'none',
          width: 6,
          decimals: 4,
          queries: [{ legend: 'regret', expr: expectedRegret }],
        },
        {
          kind: 'value',
          title: 'Decisions',
          description: 'Predictions answered a second, without answers that were given again to the same id.',
          unit: 'reqps',
          width: 6,
          queries: [{ legend: 'decisions', expr: `sum(rate(${decided}[$__rate_interval]))` }],
        },
      ],
    },
    {
      title: 'Traffic',
      panels: [
        {
          kind: 'shares',
          title: 'Share of decisions',
          description: 'Which arm answered, failover included.',
          unit: 'percentunit',
          width: 12,
          queries: [
            {
              legend: '{{arm}}',
              expr: `sum by (arm) (rate(bandit_decisions_total{${arms}, reason!="repeated"}[$__rate_interval]))
/ scalar(sum(rate(${decided}[$__rate_interval])))`,
            },
          ],
        },
        {
          kind: 'shares',
          title: 'Propensity of the next decision',
          description: 'With which probability the policy takes each arm while all of them are available.',
          unit: 'percentunit',
          width: 12,
          queries: [{ legend: '{{arm}}', expr: `avg by (arm) (bandit_arm_share{${arms}})` }],
        },
        {
          kind: 'lines',
          title: 'Share held back',
          description:
            'What the policy wants to give to each arm beyond its propensity, where max_step lets shares move by steps.',
          unit: 'percentunit',
          width: 24,
          queries: [
            {
              legend: '{{arm}}',
              expr: `avg by (arm) (bandit_arm_wanted_share{${arms}} - bandit_arm_share{${arms}})`,
              emptyWhenHealthy: 'no policy has a max_step',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Decisions by arm',
          description: 'Predictions answered a second by each arm.',
          unit: 'reqps',
          width: 12,
          min: 0,
          queries: [
            {
              legend: '{{arm}}',
              expr: `sum by (arm) (rate(bandit_decisions_total{${arms}, reason!="repeated"}[$__rate_interval]))`,
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Pending',
          description: 'Decisions in the window whose reward has not come yet.',
          unit: 'short',
          width: 12,
          min: 0,
          queries: [{ legend: '{{arm}}', expr: `max by (arm) (bandit_arm_pending{${arms}})` }],
        },
      ],
    },
    {
      title: 'Belief',
      panels: [
        {
          kind: 'lines',
          title: 'Posterior mean',
          description: 'What each arm is believed to earn a decision, in the unit of the reward.',
          unit: 'none',
          width: 12,
          decimals: 3,
          queries: [{ legend: '{{arm}}', expr: `avg by (arm) (bandit_arm_posterior_mean{${arms}})` }],
        },
        {
          kind: 'lines',
          title: 'Probability of being best',
          description: 'Probability, by the posteriors, that no other arm is better.',
          unit: 'percentunit',
          width: 12,
          min: 0,
          max: 1,
          queries: [{ legend: '{{arm}}', expr: `avg by (arm) (bandit_arm_probability_best{${arms}})` }],
        },
        {
          kind: 'band',
          title: 'Belief in $arm',
          description:
            'Posterior mean with the band from its 5 % to its 95 % quantile: narrow after many rewards, wide for an arm that is new or hardly tried.',
          unit: 'none',
          width: 24,
          decimals: 3,
          repeat: 'arm',
          queries: [
            {
              legend: 'low',
              expr: `avg(bandit_arm_posterior_interval{${arms}, bound="lower"})`,
            },
            { legend: 'mean', expr: `avg(bandit_arm_posterior_mean{${arms}})` },
            {
              legend: 'high',
              expr: `avg(bandit_arm_posterior_interval{${arms}, bound="upper"})`,
            },
          ],
        },
      ],
    },
    {
      title: 'Outcome',
      panels: [
        {
          kind: 'lines',
          title: 'Reward a decision, by arm',
          description:
            'Mean reward of the feedback that was applied, in the unit of the reward: what was got.',
          unit: 'none',
          width: 12,
          decimals: 3,
          queries: [{ legend: '{{arm}}', expr: rewardRate(arms, 'arm') }],
        },
        {
          kind: 'lines',
          title: 'Expected regret a decision',
          description:
            'The price of exploring over time, in the unit of the reward; it falls as the policy converges.',
          unit: 'none',
          width: 12,
          min: 0,
          decimals: 4,
          queries: [{ legend: 'regret', expr: expectedRegret }],
        },
        {
          kind: 'lines',
          title: 'What answers cost',
          description:
            'Mean penalty of a decision, by arm, in the unit of the reward: what its latency and its price take off the reward that it may get.',
          unit: 'none',
          width: 12,
          min: 0,
          decimals: 3,
          queries: [
            {
              legend: '{{arm}}',
              expr: `sum by (arm) (rate(bandit_penalty_total{${arms}}[$__rate_interval]))
/ sum by (arm) (rate(bandit_decisions_total{${arms}, reason!="repeated"}[$__rate_interval]))`,
              emptyWhenHealthy: 'the endpoint takes no penalty off its rewards',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Arms out of the choice',
          description:
            'Share of the gateways on which an arm gets nothing, and why: paused, quarantined, rolled back, or nothing behind it can answer.',
          unit: 'percentunit',
          width: 12,
          min: 0,
          max: 1,
          queries: [
            {
              legend: '{{arm}}, {{state}}',
              expr: `avg by (arm, state) (bandit_arm_state{${arms}, state!="active"}) > 0`,
              emptyWhenHealthy: 'every arm is in the choice',
            },
          ],
        },
      ],
    },
  ],
}
