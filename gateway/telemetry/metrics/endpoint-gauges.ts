import { Gauge, type Registry } from 'prom-client'
import type { ArmView, EndpointView } from '../../../bandit/index.ts'
import { armState, armStates, type SteeredEndpoint } from '../../controls/arm-state.ts'
import type { MonitoredEndpoint } from '../../monitoring/watch-monitor.ts'

/** As much of an endpoint as its gauges are read from. */
export interface WatchedEndpoint extends SteeredEndpoint, MonitoredEndpoint {
  readonly agent: { view(): EndpointView }
}

const perArm = ['endpoint', 'arm'] as const

const armGauges: readonly { name: string; help: string; read: (arm: ArmView) => number }[] = [
  { name: 'posterior_mean', help: 'Believed mean of the reward', read: (arm) => arm.mean },
  { name: 'probability_best', help: 'Probability that no arm is better', read: (arm) => arm.probabilityBest },
  { name: 'share', help: 'Propensity of the next decision', read: (arm) => arm.share },
  { name: 'effective_rewards', help: 'Rewards, weighted by age', read: (arm) => arm.effectiveCount },
  { name: 'pending', help: 'Pulls that still wait for their reward', read: (arm) => arm.pending },
]

const bounds: Readonly<Record<string, (arm: ArmView) => number>> = {
  lower: (arm) => arm.interval[0],
  upper: (arm) => arm.interval[1],
}

const fates: Readonly<Record<string, (arm: ArmView) => number>> = {
  pulled: (arm) => arm.pulls,
  rewarded: (arm) => arm.rewarded,
  voided: (arm) => arm.voided,
  defaulted: (arm) => arm.defaulted,
  written_off: (arm) => arm.writtenOff,
}

/**
 * Gauges of what endpoints have learned. They are set from one view of each endpoint at every scrape, as a view
 * costs too much to be taken once a gauge.
 */
export function createEndpointGauges(registry: Registry): {
  refresh(endpoints: Iterable<WatchedEndpoint>): void
} {
  const registers = [registry]
  const gauges = armGauges.map(({ name, help, read }) => ({
    read,
    gauge: new Gauge({ name: `bandit_arm_${name}`, help, labelNames: perArm, registers }),
  }))
  const intervals = new Gauge({
    name: 'bandit_arm_posterior_interval',
    help: 'Bounds of the 90 % interval of the mean of the reward',
    labelNames: [...perArm, 'bound'],
    registers,
  })
  const wanted = new Gauge({
    name: 'bandit_arm_wanted_share',
    help: 'Propensity that the policy wants for it, where max_step lets shares get there by steps',
    labelNames: perArm,
    registers,
  })
  const decisions = new Gauge({
    name: 'bandit_arm_decisions',
    help: 'Decisions in the life of the arm, on every gateway, by what became of them',
    labelNames: [...perArm, 'state'],
    registers,
  })
  const available = new Gauge({
    name: 'bandit_arm_available',
    help: '1 while something behind the arm could answer',
    labelNames: perArm,
    registers,
  })
  const states = new Gauge({
    name: 'bandit_arm_state',
    help: '1 for the state that the arm is in: active, paused, quarantined, rolled_back, unavailable',
    labelNames: [...perArm, 'state'],
    registers,
  })
  const snapshotAge = new Gauge({
    name: 'bandit_snapshot_age_seconds',
    help: 'Time since the state that decisions are made from was read',
    labelNames: ['endpoint'],
    registers,
  })

  const holding = new Gauge({
    name: 'bandit_endpoint_holding',
    help: '1 while the store is emptied and decisions are made by what was learned before',
    labelNames: ['endpoint'],
    registers,
  })

  const marksOverdue = new Gauge({
    name: 'bandit_marks_overdue_seconds',
    help: 'Time for which the store keeps what feedback was counted beyond its time, for gateways whose journals are behind or not heard of',
    labelNames: ['endpoint'],
    registers,
  })

  const warnings = new Gauge({
    name: 'bandit_endpoint_warnings',
    help: 'Reasons to change the settings of the endpoint, which GET /endpoints/{endpoint} tells',
    labelNames: ['endpoint'],
    registers,
  })

  const expectedRegret = new Gauge({
    name: 'bandit_expected_regret',
    help: 'Reward that the next decision is expected to miss for not being the best, in the unit of rewards',
    labelNames: ['endpoint'],
    registers,
  })

  const all = [
    ...gauges.map(({ gauge }) => gauge),
    intervals,
    wanted,
    decisions,
    available,
    states,
    snapshotAge,
    holding,
    marksOverdue,
    warnings,
    expectedRegret,
  ]

  return {
    refresh(endpoints) {
      // Series of what is no longer configured go.
      for (const gauge of all) gauge.reset()
      for (const endpoint of endpoints) {
        const { agent, arms } = endpoint
        const view = agent.view()
        snapshotAge.set({ endpoint: view.endpoint }, view.snapshotAgeMs / 1000)
        holding.set({ endpoint: view.endpoint }, view.holding === undefined ? 0 : 1)
        marksOverdue.set({ endpoint: view.endpoint }, view.marksOverdueMs / 1000)
        warnings.set({ endpoint: view.endpoint }, view.warnings.length)
        expectedRegret.set({ endpoint: view.endpoint }, view.expectedRegret.perDecision)
        for (const arm of view.arms) {
          const labels = { endpoint: view.endpoint, arm: arm.name }
          for (const { gauge, read } of gauges) gauge.set(labels, read(arm))
          if (arm.wantedShare !== undefined) wanted.set(labels, arm.wantedShare)
          for (const [bound, read] of Object.entries(bounds)) intervals.set({ ...labels, bound }, read(arm))
          for (const [state, read] of Object.entries(fates)) decisions.set({ ...labels, state }, read(arm))
          const now = armState(endpoint, arm.name)
          for (const state of armStates) states.set({ ...labels, state }, Number(state === now))
          available.set(labels, Number(arms.get(arm.name)?.available() ?? false))
        }
      }
    },
  }
}
