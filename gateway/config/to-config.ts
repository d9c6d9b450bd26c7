import { resolve } from 'node:path'
import { netBounds, type OnNewVersion, type Penalty, type RewardBounds } from '../../bandit/index.ts'
import { resolveStore } from './reading/addresses.ts'
import type { Config, ModelConfig } from './config.ts'
import type { ArmConfig, EndpointConfig } from './endpoint-config.ts'
import type { ArmInput } from './arms/arm-schema.ts'
import type { EndpointInput } from './endpoint-schema.ts'
import type { ModelInput } from './models/model-schema.ts'
import type { ConfigInput } from './schema.ts'
import { toAuth } from './access/to-auth.ts'
import { toEvents } from './events/to-events.ts'
import { toCheckpoint } from './store/to-checkpoint.ts'
import { toContext } from './context/to-context.ts'
import { toDrift } from './drift/to-drift.ts'
import { toFeatures } from './features/to-features.ts'
import { toLeash } from './leash/to-leash.ts'
import { toPostStep } from './pipeline/to-postprocess.ts'
import { toPreprocess } from './pipeline/to-preprocess.ts'
import { toShadows } from './shadows/to-shadows.ts'
import { toFit } from './models/to-fit.ts'
import { toRemote } from './models/to-remote.ts'
import { toTls } from './store/to-tls.ts'
import { toRules } from './rules/to-rules.ts'
import { toArmPrior, toPolicy } from './learning/to-policy.ts'

/** The checked file in the words of the program. Paths start from `folder`. */
export function toConfig(input: ConfigInput, folder: string): Config {
  const models = Object.entries(input.models)
  return {
    listen: input.listen,
    ...(input.hosts && { hosts: input.hosts }),
    ...(input.origins && { origins: input.origins }),
    ...(input.auth && { auth: toAuth(input.auth, folder) }),
    store: resolveStore(input.store, folder),
    ...(input.store_tls && { storeTls: toTls(input.store_tls, (file) => resolve(folder, file)) }),
    ...(input.journal !== 'off' && {
      journal: {
        path: resolve(folder, input.journal),
        maxBytes: input.journal_size,
        keepMs: input.journal_keep,
      },
    }),
    journalWaitMs: input.journal_wait,
    ...toCheckpoint(input.checkpoint, folder),
    models: models
      .filter(([, { url }]) => url === undefined)
      .map(([name, model]) => toModel(name, model, folder)),
    remotes: models
      .filter(([, { url }]) => url !== undefined)
      .map(([name, model]) => toRemote(name, model, folder)),
    ...(input.models_dir !== undefined && { modelsDir: resolve(folder, input.models_dir) }),
    ...(input.models_copies !== undefined && { modelsCopies: resolve(folder, input.models_copies) }),
    modelsPollMs: input.models_poll,
    workers: { fenced: input.workers.permissions === 'on' },
    endpoints: Object.entries(input.endpoints).map(([name, endpoint]) => toEndpoint(name, endpoint, folder)),
    outbound: input.outbound ?? {},
    limits: {
      predictBody: input.limits.predict_body,
      feedbackBody: input.limits.feedback_body,
      feedbackBatchBody: input.limits.feedback_batch_body,
      feedbackBatchLines: input.limits.feedback_batch_lines,
    },
    maxConnections: input.limits.connections,
    stop: { drainMs: input.stop.drain },
    overload: {
      loopDelayMs: input.overload.loop_delay,
      utilisation: input.overload.utilisation,
      residentBytes: input.overload.memory,
    },
    ...(input.decision_log && {
      decisionLog: { ...input.decision_log, dir: resolve(folder, input.decision_log.dir) },
    }),
    events: toEvents(input.events, folder),
    log: { level: input.log.level, accessSample: input.log.access_sample },
    telemetry: { ...input.telemetry, otlp: input.telemetry.otlp },
  }
}

const usualMemory = { factor: 1.5 }

function toModel(name: string, model: ModelInput, folder: string): ModelConfig {
  return {
    name,
    onnx: resolve(folder, model.onnx!),
    reload: model.reload === 'on',
    sha256: model.sha256,
    isCopied: model.copy !== 'off',
    ...(model.fit && { fit: toFit(model.fit) }),
    replicas: model.replicas ?? 1,
    memory: model.memory === 'off' ? undefined : (model.memory ?? usualMemory),
    maxBatch: model.max_batch ?? 64,
    queue: model.queue,
    deadlineMs: model.deadline,
  }
}

function toEndpoint(name: string, endpoint: EndpointInput, folder: string): EndpointConfig {
  const {
    arms,
    policy,
    reward,
    context,
    features,
    preprocess,
    postprocess,
    drift,
    sticky,
    rules,
    ledger,
    deadline,
  } = endpoint
  const penalty = toPenalty(reward.penalty)
  const quality = toBounds(reward.bounds)
  const bounds = penalty === undefined ? quality : netBounds(quality, penalty.most)
  return {
    name,
    arms: Object.entries(arms).map(([arm, input]) => toArm(arm, input, endpoint, bounds)),
    policy: toPolicy(policy, bounds),
    reward: {
      from: reward.from,
      output: reward.output,
      windowMs: reward.window,
      default: reward.default === 'none' ? undefined : reward.default,
      combine: reward.combine,
      delay: reward.delay,
      corrections: reward.corrections === 'on',
      retentionMs: reward.retention ?? Math.max(reward.window, leastRetentionMs),
      bounds: (reward.bounds ?? penalty) && bounds,
      ...(penalty && { penalty }),
      stalledAfterMs: reward.stalled_after === 'off' ? undefined : reward.stalled_after,
    },
    ...(context && { context: toContext(context) }),
    ...(features && { features: toFeatures(features) }),
    ...(preprocess && { preprocess: toPreprocess(preprocess, folder) }),
    ...(postprocess && { postprocess: postprocess.map((step) => toPostStep(step, folder)) }),
    ...(drift && { drift: toDrift(drift, reward.from === 'label' ? reward.output : undefined, folder) }),
    ...(sticky && { stickyMs: sticky.for }),
    ...(rules && { rules: toRules(rules) }),
    ...(endpoint.shadow && { shadows: toShadows(endpoint) }),
    ledger: ledger ?? (reward.from === 'label' || context !== undefined ? 'stored' : 'signed'),
    queue: endpoint.queue,
    deadlineMs: deadline,
  }
}

/** Feedback that was accepted in time may be applied this late, when the store was away. */
const leastRetentionMs = 900_000

function toPenalty(input: EndpointInput['reward']['penalty']): Penalty | undefined {
  return input && { perSecond: input.latency_s, costs: input.cost, most: input.most }
}

function toBounds([low, high]: readonly [number, number] = [0, 1]): RewardBounds {
  return { low, high }
}

function toArm(name: string, arm: ArmInput, endpoint: EndpointInput, bounds: RewardBounds): ArmConfig {
  const { policy } = endpoint
  const { min_share: minShare = policy.min_share, max_share = policy.max_share } = arm
  const limits = {
    minShare,
    maxShare: max_share < 1 ? max_share : undefined,
    prior: toArmPrior(arm.prior, bounds),
    ...toLeash(arm, endpoint.guardrails),
  }
  if (arm.value !== undefined) return { kind: 'value', name, value: arm.value, ...limits }
  if (arm.ensemble === undefined) {
    const onNewVersion = arm.on_new_version && toOnNewVersion(arm.on_new_version)
    return { kind: 'model', name, model: arm.model!, ...limits, ...(onNewVersion && { onNewVersion }) }
  }
  const byPosterior = arm.weights === 'posterior'
  const weights = new Map(typeof arm.weights === 'object' ? Object.entries(arm.weights) : [])
  return {
    kind: 'ensemble',
    name,
    members: arm.ensemble.map((model) => ({ model, weight: weights.get(model) ?? 1 })),
    combine: arm.combine!,
    byPosterior,
    stack: arm.stack,
    quorum: arm.quorum ?? (arm.combine === 'first' ? 1 : arm.ensemble.length),
    deadlineMs: arm.deadline ?? 50,
    argmax: arm.argmax,
    ...limits,
  }
}

function toOnNewVersion(said: NonNullable<ArmInput['on_new_version']>): OnNewVersion {
  return said === 'fresh' ? { inherit: 0 } : said
}
