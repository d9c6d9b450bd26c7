import {
  splitSubject,
  type ArmView,
  type Encoding,
  type Penalty,
  type ScoreView,
  type WindowWarning,
} from '../../bandit/index.ts'
import type { ArmConfig } from '../config/endpoint-config.ts'
import type { PreprocessConfig } from '../config/pipeline/pipeline.ts'
import { everyModelOf } from '../config/models/models-of.ts'
import { armState } from '../controls/arm-state.ts'
import { toLeashFacts } from './leash-facts.ts'
import { toPolicyFacts, toPriorFacts } from './policy-facts.ts'
import type { EndpointRuntime, WorkerView } from '../endpoint-runtime.ts'
import type { ShadowView } from '../shadows/shadows.ts'
import { toFieldSpecs } from '../pipeline/describe-fields.ts'
import { toMonitorFacts } from '../monitoring/view.ts'

/** An endpoint as `GET /endpoints/{name}` shows it: what is configured, and what was learned. */
export function toEndpointBody(endpoint: EndpointRuntime, workers: readonly WorkerView[]): object {
  const { name, settings, inputs, pipeline, encoding, monitor, shadows } = endpoint
  const view = endpoint.agent.view()
  const learned = new Map(view.arms.map((arm) => [arm.name, arm]))
  const { policy, reward, ledger, deadlineMs } = settings
  return {
    name,
    policy: toPolicyFacts(policy, reward.bounds),
    reward: {
      from: reward.from,
      ...(reward.from === 'label' && { output: reward.output }),
      window_ms: reward.windowMs,
      default: reward.default ?? 'none',
      combine: reward.combine,
      delay: reward.delay,
      corrections: reward.corrections,
      retention_ms: reward.retentionMs,
      bounds: reward.bounds && [reward.bounds.low, reward.bounds.high],
      penalty: reward.penalty && toPenaltyFacts(reward.penalty),
    },
    ledger,
    deadline_ms: deadlineMs,
    inputs: pipeline?.before === undefined ? inputs() : toFieldSpecs(pipeline.before.fields),
    ...(settings.preprocess?.models.length && { preprocess: toStepFacts(settings.preprocess, workers) }),
    context: encoding && toContextFacts(encoding),
    version: view.version,
    identification: view.identification,
    warnings: view.warnings.map(toWarning),
    expected_regret: {
      per_decision: view.expectedRegret.perDecision,
      since_start: view.expectedRegret.sinceStart,
    },
    // null until the store has been read for the first time.
    snapshot_age_ms: Number.isFinite(view.snapshotAgeMs) ? Math.round(view.snapshotAgeMs) : null,
    ...(view.holding && {
      holding: { rewarded: view.holding.rewardedBefore, in_store: view.holding.rewarded },
    }),
    ...(monitor && toMonitorFacts(monitor)),
    ...toScored(view.scored),
    ...(settings.shadows && shadows && { shadows: shadows.view().map(toShadow) }),
    arms: settings.arms.map((arm) => toArm(endpoint, arm, learned.get(arm.name), workers)),
  }
}

function toPenaltyFacts({ perSecond, costs, most }: Penalty): object {
  return { latency_s: perSecond, cost: costs, most }
}

/** Models that are asked before the arms. */
function toStepFacts({ models }: PreprocessConfig, workers: readonly WorkerView[]): object {
  return {
    models: models.map(({ model }) => ({
      model,
      replicas: workers.filter((worker) => worker.model === model),
    })),
  }
}

/** Agreement since this gateway has started. */
function toShadow({ name, share, compared, agreed }: ShadowView): object {
  return { name, share, compared, agreement: compared === 0 ? null : agreed / compared }
}

/** How often each model, and each ensemble, was right, in whatever part it answered; nothing where rewards are not of labels. */
function toScored(scored: readonly ScoreView[]): object {
  if (scored.length === 0) return {}
  const models = scored.map(({ name, mean, interval, effectiveCount }) => {
    const [kind, own] = splitSubject(name)
    return { [kind]: own, accuracy: mean, interval, labels: effectiveCount }
  })
  return { models }
}

/** One arm of it, as it is shown there. */
export function toArmBody(endpoint: EndpointRuntime, arm: ArmConfig, workers: readonly WorkerView[]): object {
  const learned = endpoint.agent.view().arms.find(({ name }) => name === arm.name)
  return toArm(endpoint, arm, learned, workers)
}

function toArm(
  endpoint: EndpointRuntime,
  arm: ArmConfig,
  learned: ArmView | undefined,
  workers: readonly WorkerView[],
): object {
  const replicas = workers.filter(({ model }) => everyModelOf(arm).includes(model))
  const state = armState(endpoint, arm.name, replicas)
  const inForce = endpoint.controls.limits().find(({ name }) => name === arm.name)
  return {
    name: arm.name,
    state,
    // What it answered may still be rewarded: only after that can it be taken out of the configuration.
    ...(state === 'paused' && (learned?.pending ?? 0) > 0 && { draining: true }),
    ...(endpoint.failover.resting().has(arm.name) && { resting: true }),
    misfit: state === 'unavailable' ? endpoint.arms.get(arm.name)?.misfit?.() : undefined,
    ...toArmFacts(arm),
    version: endpoint.arms.get(arm.name)?.version?.(),
    ...toVersionFacts(arm),
    min_share: inForce?.minShare,
    max_share: inForce?.maxShare,
    ...toLeashFacts(arm, endpoint.controls.of(arm.name)),
    prior: arm.prior && toPriorFacts(arm.prior),
    ...toLearned(learned),
    replicas,
  }
}

/** What a request may say of itself, and how many numbers that becomes. */
function toContextFacts({ dimension, schema }: Encoding): object {
  const features = schema.features.map(({ name, ...feature }) => [name, feature])
  return { dimension, features: Object.fromEntries(features), interactions: schema.interactions }
}

function toVersionFacts(arm: ArmConfig): object {
  if (arm.kind !== 'model' || arm.onNewVersion === undefined) return {}
  const { inherit } = arm.onNewVersion
  return { on_new_version: inherit === 0 ? 'fresh' : { inherit } }
}

function toArmFacts(arm: ArmConfig): object {
  if (arm.kind === 'model') return { model: arm.model }
  if (arm.kind === 'value') return { value: arm.value }
  const { members, combine, byPosterior, stack, quorum, deadlineMs, argmax } = arm
  const weights = byPosterior === true ? 'posterior' : undefined
  return { ensemble: members, combine, weights, stack, quorum, deadline_ms: deadlineMs, argmax }
}

function toWarning({ code, detail, windowMs, best, better, flipsAtMs, arms }: WindowWarning): object {
  return {
    code,
    detail,
    window_ms: windowMs,
    best,
    better,
    flips_at_ms: Math.round(flipsAtMs),
    arms: arms.map(({ name, hiddenShare }) => ({ name, hidden_share: hiddenShare })),
  }
}

function toLearned(arm: ArmView | undefined): object {
  if (arm === undefined) return {}
  return {
    mean: arm.mean,
    interval: arm.interval,
    posterior: arm.posterior,
    probability_best: arm.probabilityBest,
    share: arm.share,
    wanted_share: arm.wantedShare,
    effective_rewards: arm.effectiveCount,
    pending: arm.pending,
    pending_by_age: arm.pendingByAge.map(({ upToMs, pulls }) => ({
      up_to_ms: Number.isFinite(upToMs) ? upToMs : null,
      pulls,
    })),
    delay_ms: arm.delay && { p50: arm.delay.p50Ms, p90: arm.delay.p90Ms, p99: arm.delay.p99Ms },
    pulls: arm.pulls,
    rewarded: arm.rewarded,
    voided: arm.voided,
    defaulted: arm.defaulted,
    written_off: arm.writtenOff,
  }
}
