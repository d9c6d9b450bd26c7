import type { Logger } from 'pino'
import {
  createAgent,
  createLedger,
  penaltyMicro,
  type AwayRecord,
  type JournalProgress,
  type LearningEndpoint,
  type PredictionIds,
  type Store,
} from '../../bandit/index.ts'
import type { ModelConfig } from '../config/config.ts'
import type { ArmConfig, EndpointConfig } from '../config/endpoint-config.ts'
import { modelsOf } from '../config/models/models-of.ts'
import { subjectOf } from '../config/arms/subject-of.ts'
import { createContract } from '../contract.ts'
import { createArmControls } from '../controls/arm-controls.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import type { Events } from '../events/events.ts'
import type { Enrich } from '../features/enrich.ts'
import type { GatewayJournal } from '../journal/wire-journal.ts'
import type { Luxury } from '../overload/shedder.ts'
import type { ShadowMetrics } from '../telemetry/shadow-metrics.ts'
import { toArm } from './to-arm.ts'
import { wireShadows } from './wire-shadows.ts'
import { wireSteps } from './wire-steps.ts'
import type { Monitor } from '../monitoring/monitor.ts'
import { createPipeline } from '../pipeline/pipeline.ts'
import type { StepModules } from '../pipeline/step-module.ts'
import { compileRules } from '../rules/compile-rules.ts'
import { createServingPolicy } from '../serving-policy.ts'
import { wireGuard } from './wire-guard.ts'
import { learningSettings } from './learning-settings.ts'
import { createFailoverBudget } from '../predict/failover-budget.ts'
import { createLane } from '../upstream/calls/lane.ts'
import { createArmTally } from '../upstream/arm-tally.ts'
import type { ModelUpstream } from '../upstream/model-upstream.ts'

export interface EndpointDeps {
  readonly store: Store
  readonly ids: PredictionIds
  readonly upstreams: ReadonlyMap<string, ModelUpstream>
  readonly models: readonly Pick<ModelConfig, 'name' | 'deadlineMs'>[]
  /** Unique for this start of this process. */
  readonly gateway: string
  readonly clock: () => number
  readonly logger: Logger
  readonly events: Events
  /** That its steps name. */
  readonly modules?: StepModules | undefined
  /** Fetches features, where it has any. */
  readonly enrich?: Enrich | undefined
  /** What watches its predictions. */
  readonly monitor?: Monitor
  /** What is left out when the gateway has too much to do. */
  readonly spares?: ((luxury: Luxury) => boolean) | undefined
  readonly shadowMetrics: ShadowMetrics
  /** How far the journal has come; absent where there is none. */
  readonly journal?: (() => JournalProgress) | undefined
  /** Absent where there is no journal. */
  readonly keepRecord?: GatewayJournal['keepRecord'] | undefined
}

/** How long records outlive a window for the sake of journals: a record is ten times a mark and more. */
const longestRecordedMs = 900_000

/** A snapshot this old means that the store is away, not merely slow. */
const staleMs = 5000

/** Puts one endpoint together: what answers, what decides, what remembers and what learns. */
export function wireEndpoint(
  settings: EndpointConfig,
  {
    store,
    ids,
    upstreams,
    models: modelConfigs,
    gateway,
    clock,
    logger,
    events,
    modules,
    enrich,
    monitor,
    spares,
    shadowMetrics,
    journal,
    keepRecord,
  }: EndpointDeps,
): { readonly runtime: EndpointRuntime; readonly learning: LearningEndpoint } {
  const { name, policy, reward } = settings
  const { prior, stop, rewards, deviation, maxStep } = policy
  const { retentionMs } = reward
  const { rules, rewardFrom, combine, labelOutput, encoding, state } = learningSettings(settings)
  const { windowMs, corrections, defaultMicro } = rules
  const { generation } = state

  const { penalty } = reward
  // Where silence is learned too, labels alone would tell another story; contexts are learned by those of pulls; and who
  // was not chosen took no time.
  const learnsBeside =
    rewardFrom === 'label' && defaultMicro === undefined && encoding === undefined && penalty === undefined
  const scoredAs =
    rewardFrom === 'label' && penalty !== undefined
      ? Object.fromEntries(settings.arms.map((arm) => [arm.name, subjectOf(arm)]))
      : undefined

  const hasOthers = settings.shadows !== undefined || settings.arms.some(({ kind }) => kind === 'ensemble')
  if (rewardFrom === 'label' && hasOthers && !learnsBeside) {
    const why = encoding === undefined ? 'silence is learned there too' : 'it has a context'
    logger.info(
      { endpoint: name },
      `labels score what answers beside an arm of ${name} without any arm learning it, as ${why}`,
    )
  }

  const endpointStore = store.endpoint(state)
  const agent = createAgent({
    endpoint: name,
    stateLost: ({ rewardedBefore, rewarded }) =>
      events.emit({
        kind: 'store_lost_state',
        endpoint: name,
        detail: `the store had ${rewardedBefore} rewarded predictions and has ${rewarded} now: it was emptied, or has lost its last writes; what was known stands until as much is there again, or it is said to be forgotten`,
        facts: { rewarded_before: rewardedBefore, rewarded },
      }),
    journal,
    journalGivenUp: (given) =>
      events.emit({
        kind: 'journal_given_up',
        endpoint: name,
        about: given,
        detail: `a gateway of ${name} with journal ${given} was not heard of for journal_wait: what it still holds counts only as far as it comes before reward.retention is over`,
      }),
    generation,
    arms: settings.arms.map((arm) => ({
      ...arm,
      observedAs: learnsBeside ? subjectOf(arm) : undefined,
      ...(arm.kind === 'model' && { version: () => upstreams.get(arm.model)!.version() }),
    })),
    policy: createServingPolicy(policy),
    prior,
    rewards,
    deviation,
    stop,
    dimension: encoding?.dimension,
    ridge: policy.ridge,
    store: endpointStore,
    gateway,
    clock,
    ...rules,
    stickyMs: settings.stickyMs,
    maxStep,
    staleMs,
  })
  const controls = createArmControls({
    endpoint: name,
    arms: settings.arms,
    agent,
    store: endpointStore,
    events,
  })
  // What feedback is judged by has to be there when the store is back from an outage.
  const outageMs = journal === undefined ? 0 : Math.min(windowMs, longestRecordedMs)
  const recordedMs = windowMs + (corrections ? (retentionMs ?? 0) : outageMs)
  const isScored = rewardFrom === 'label'
  const races = isScored && settings.arms.some((arm) => arm.kind === 'ensemble' && arm.combine === 'first')
  const shadowed = settings.shadows !== undefined || races
  const whileAway = keepRecord && ((record: AwayRecord, reason: Error) => keepRecord(name, record, reason))
  const ledger = createLedger({
    ids,
    store: endpointStore,
    windowMs: recordedMs,
    labelOutput,
    shadowed,
    whileAway,
  })
  const models = [...new Set(settings.arms.flatMap(modelsOf))].map((model) => upstreams.get(model)!)
  const pipeline = createPipeline(settings, modules)
  const steps = wireSteps(settings, upstreams, modelConfigs)
  const contract = createContract(settings, models, logger, pipeline, steps)
  const modelsByArm = new Map(
    settings.arms.map((arm) => [arm.name, modelsOf(arm).map((model) => upstreams.get(model)!)]),
  )
  const lane = createLane(settings.queue)
  const arms = settings.arms.map((arm) => {
    const own = modelsByArm.get(arm.name)!
    const last = arm.kind === 'ensemble' && arm.stack ? upstreams.get(arm.stack.model) : undefined
    return [
      arm.name,
      contract.hold(
        toArm(arm, own, {
          deadlineMs: armDeadline(arm),
          yields: ownDeadline(arm) === undefined,
          isFrugal: spares && (() => spares('member')),
          isScored,
          scores: () => agent.scores(),
          lane,
          last,
        }),
        own,
        last,
      ),
    ] as const
  })

  /** A model that hangs leaves as much of the endpoint's deadline for another arm as it took itself. */
  function armDeadline(arm: ArmConfig): number {
    if (arm.kind === 'ensemble') return arm.deadlineMs
    return ownDeadline(arm) ?? settings.deadlineMs / 2
  }

  function ownDeadline(arm: ArmConfig): number | undefined {
    const [name] = modelsOf(arm)
    return modelConfigs.find((model) => model.name === name)?.deadlineMs
  }

  const shadows = shadowed
    ? wireShadows(settings, settings.shadows ?? [], {
        arms: new Map(arms),
        upstreams,
        contract,
        labelOutput,
        ledger,
        metrics: shadowMetrics,
        logger,
        after: pipeline?.after,
        isFrugal: spares && (() => spares('shadow')),
      })
    : undefined
  const guarded = wireGuard(settings.arms, { running: new Map(arms), agent, controls, clock })

  return {
    runtime: {
      name,
      settings,
      agent,
      ledger,
      controls,
      ...guarded,
      ...(settings.rules && {
        rule: compileRules(
          settings.rules,
          settings.arms.map((arm) => arm.name),
          name,
        ),
      }),
      encoding,
      ...(penalty && { penaltyOf: (arm, latencyMs) => penaltyMicro(penalty, arm, latencyMs) }),
      pipeline,
      ...(steps && {
        steps: {
          available: () => steps.available(),
          run: (tensors, deadlineAt, caller) => steps.run(tensors, contract.takes()!, deadlineAt, caller),
        },
      }),
      enrich,
      arms: new Map(arms),
      failover: createFailoverBudget(lane.budget),
      tally: createArmTally(
        settings.arms.map((arm) => arm.name),
        clock,
      ),
      inputs: () => contract.inputs(),
      outputs: (arm) => contract.outputs(arm === undefined ? models : modelsByArm.get(arm)),
      shadows,
      monitor,
    },
    learning: {
      endpoint: name,
      generation,
      store: endpointStore,
      ledger,
      rewardFrom,
      ...(scoredAs && { scoredAs }),
      combine,
      encoding,
      ...rules,
    },
  }
}
