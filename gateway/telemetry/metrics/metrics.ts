import { Counter, Gauge, Histogram, collectDefaultMetrics, type Registry } from 'prom-client'
import type { UpstreamFault } from '../../upstream/errors.ts'
import type { UpstreamMetrics } from '../../upstream/metrics.ts'
import { createAccessMetrics, type AccessMetrics } from './access-metrics.ts'
import { createCheckpointMetrics, type CheckpointMetrics } from './checkpoint-metrics.ts'
import { createUpstreamMetrics } from './upstream-metrics.ts'
import { createEndpointGauges, type WatchedEndpoint } from './endpoint-gauges.ts'
import { createEventMetrics, type EventMetrics } from './event-metrics.ts'
import { createFeatureMetrics, type FeatureMetrics } from './feature-metrics.ts'
import { createFeedbackMetrics, type FeedbackMetrics } from './feedback-metrics.ts'
import { createJournalMetrics, type JournalMetrics } from './journal-metrics.ts'
import { expose, type Exemplars } from './registry.ts'
import { createMonitoringGauges, type MonitoringMetrics } from './monitoring-gauges.ts'
import { createOverloadMetrics, type OverloadMetrics } from './overload-metrics.ts'
import { createShadowMetrics, type ShadowMetrics } from './shadow-metrics.ts'
import { createStoreMetrics, type StoreMetrics } from './store-metrics.ts'
import { createWorkerMetrics, type WorkerMetrics } from './worker-metrics.ts'
import type { WebhookMetrics } from '../../events/webhooks/webhook.ts'
import { createWebhookMetrics } from './webhook-metrics.ts'

/** What one request was, seen from outside. `route` is the pattern, never the path. */
export interface RequestMetrics {
  started(): void
  finished(request: { method: string; route: string; status: number; seconds: number }): void
}

/**
 * policy: chosen and answered; pinned: the caller named the arm; failover: chosen after another arm had failed; repeated: the recorded answer to a
 * caller's own id, given again.
 */
export type DecisionReason = 'policy' | 'rule' | 'pinned' | 'sticky' | 'failover' | 'repeated'

export interface DecisionMetrics {
  decided(decision: { endpoint: string; arm: string; policy: string; reason: DecisionReason }): void
  /** The arm was chosen and gave no answer: learned from by nobody, only counted here. */
  failed(endpoint: string, arm: string, fault: UpstreamFault): void
  /** The arm is left out for a while, as tries by others in its place took more than their share of the calls. */
  rested(endpoint: string, arm: string): void
  /** So much is taken off the rewards of what the arm answered, in their unit. */
  penalised(endpoint: string, arm: string, amount: number): void
}

export interface DecisionLogMetrics {
  written(lines: number): void
  /** Lines that were lost because the disk was full or too slow. */
  dropped(lines: number): void
}

export interface Metrics {
  readonly requests: RequestMetrics
  readonly decisions: DecisionMetrics
  readonly feedback: FeedbackMetrics
  readonly features: FeatureMetrics
  readonly upstream: UpstreamMetrics
  readonly workers: WorkerMetrics
  readonly store: StoreMetrics
  readonly decisionLog: DecisionLogMetrics
  readonly journal: JournalMetrics
  readonly checkpoints: CheckpointMetrics
  readonly access: AccessMetrics
  readonly events: EventMetrics
  readonly monitoring: MonitoringMetrics
  readonly overload: OverloadMetrics
  readonly shadows: ShadowMetrics
  readonly webhooks: WebhookMetrics
  /** Prometheus text of everything, with what `endpoints` have learned as of now. */
  exposition(
    endpoints: Iterable<WatchedEndpoint>,
    accept?: string,
  ): Promise<{ contentType: string; text: string }>
}

const requestSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export interface MetricsDeps {
  readonly registry: Registry
  readonly version: string
  /** Absent = no measurement names its trace; otherwise the registry has to be one for exemplars. */
  readonly exemplars?: Exemplars | undefined
}

/** All metrics of the gateway, by name. Labels come from the configuration or from small closed sets. */
export function createMetrics({ registry, version, exemplars }: MetricsDeps): Metrics {
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'bandit_' })

  new Gauge({
    name: 'bandit_build_info',
    help: 'Always 1; what runs is in the labels',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1)

  let underWay = 0
  const inFlight = new Gauge({
    name: 'bandit_requests_in_flight',
    help: 'HTTP requests that wait for their answer',
    registers,
    collect() {
      inFlight.set(underWay)
    },
  })
  const requestDuration = new Histogram<'method' | 'route' | 'status' | 'trace_id'>({
    name: 'bandit_request_duration_seconds',
    help: 'HTTP requests from their head to their answer',
    labelNames: ['method', 'route', 'status'],
    buckets: requestSeconds,
    enableExemplars: exemplars !== undefined,
    registers,
  })
  const decisions = new Counter({
    name: 'bandit_decisions_total',
    help: 'Predictions answered, by the arm that answered and why it was that one',
    labelNames: ['endpoint', 'arm', 'policy', 'reason'],
    registers,
  })
  const failures = new Counter({
    name: 'bandit_arm_failures_total',
    help: 'Choices of an arm that then gave no answer; never a reward',
    labelNames: ['endpoint', 'arm', 'fault'],
    registers,
  })
  const rests = new Counter({
    name: 'bandit_arm_rests_total',
    help: 'Times that an arm was left out for a while, as trying others in its place took a fifth of the calls',
    labelNames: ['endpoint', 'arm'],
    registers,
  })
  const penalties = new Counter({
    name: 'bandit_penalty_total',
    help: 'What answers cost by their latency and price, taken off the rewards that they may get',
    labelNames: ['endpoint', 'arm'],
    registers,
  })
  const decisionLogLines = new Counter({
    name: 'bandit_decision_log_lines_total',
    help: 'Lines of the decision log by what became of them: written, or dropped for want of room',
    labelNames: ['outcome'],
    registers,
  })

  // From 0, as Prometheus sees no increase in a counter that begins above it.
  for (const outcome of ['written', 'dropped']) decisionLogLines.inc({ outcome }, 0)

  const endpointGauges = createEndpointGauges(registry)
  const monitoring = createMonitoringGauges(registry)

  return {
    requests: {
      started: () => void underWay++,
      finished({ method, route, status, seconds }) {
        underWay--
        const labels = { method, route, status: `${Math.floor(status / 100)}xx` }
        if (exemplars === undefined) return requestDuration.observe(labels, seconds)
        const { trace_id } = exemplars() ?? {}
        const exemplarLabels = trace_id === undefined ? {} : { trace_id }
        requestDuration.observe({ labels, value: seconds, exemplarLabels })
      },
    },
    decisions: {
      decided: (decision) => decisions.inc(decision),
      failed: (endpoint, arm, fault) => failures.inc({ endpoint, arm, fault }),
      rested: (endpoint, arm) => rests.inc({ endpoint, arm }),
      penalised: (endpoint, arm, amount) => penalties.inc({ endpoint, arm }, amount),
    },
    feedback: createFeedbackMetrics(registry),
    features: createFeatureMetrics(registry),
    upstream: createUpstreamMetrics(registry),
    workers: createWorkerMetrics(registry),
    store: createStoreMetrics(registry),
    decisionLog: {
      written: (lines) => decisionLogLines.inc({ outcome: 'written' }, lines),
      dropped: (lines) => decisionLogLines.inc({ outcome: 'dropped' }, lines),
    },
    journal: createJournalMetrics(registry),
    checkpoints: createCheckpointMetrics(registry),
    access: createAccessMetrics(registry),
    events: createEventMetrics(registry),
    monitoring,
    overload: createOverloadMetrics(registry),
    shadows: createShadowMetrics(registry),
    webhooks: createWebhookMetrics(registry),
    async exposition(endpoints, accept) {
      const watched = [...endpoints]
      endpointGauges.refresh(watched)
      monitoring.refresh(watched)
      return expose(registry, accept)
    },
  }
}
