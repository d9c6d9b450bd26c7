import type { Logger } from 'pino'
import {
  createLedger,
  penaltyMicro,
  type AwayRecord,
  type JournalProgress,
  type LearningEndpoint,
  type PredictionIds,
  type Store,
} from '../../bandit/index.ts'
import type { ModelConfig } from '../config/config.ts'
import type { EndpointConfig } from '../config/endpoint-config.ts'
import { modelsOf } from '../config/models/models-of.ts'
import { subjectOf } from '../config/arms/subject-of.ts'
import { createContract } from '../contract.ts'
import { createArmControls } from '../controls/arm-controls.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import type { Events } from '../events/events.ts'
import type { Enrich } from '../features/enrich.ts'
import type { GatewayJournal } from '../journal/wire-journal.ts'
import type { Luxury } from '../overload/shedder.ts'
import type { ShadowMetrics } from '../telemetry/metrics/shadow-metrics.ts'
import { wireAgent } from './wire-agent.ts'
import { wireArms } from './wire-arms.ts'
import { wireShadows } from './wire-shadows.ts'
import { wireSteps } from './wire-steps.ts'
import type { Monitor } from '../monitoring/monitor.ts'
import { createPipeline } from '../pipeline/pipeline.ts'
import type { StepModules } from '../pipeline/step-module.ts'
import { compileRules } from '../rules/compile-rules.ts'
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
  const { name, reward } = settings
  const { retentionMs } = reward
  const learning = learningSettings(settings)
  const { rules, rewardFrom, combine, labelOutput, encoding, state } = learning
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
  const agent = wireAgent(settings, learning, {
    store: endpointStore,
    gateway,
    clock,
    events,
    journal,
    observedAs: (arm) => (learnsBeside ? subjectOf(arm) : undefined),
    versionOf: (model) => upstreams.get(model)!.version(),
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
  const arms = wireArms(settings, {
    upstreams,
    models: modelConfigs,
    contract,
    isScored,
    scores: () => agent.scores(),
    lane,
    isFrugal: spares && (() => spares('member')),
  })

  const shadows = shadowed
    ? wireShadows(settings, settings.shadows ?? [], {
        arms,
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
  const guarded = wireGuard(settings.arms, { running: arms, agent, controls, clock })

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
      arms,
      failover: createFailoverBudget(lane.budget, (arm, reason) =>
        logger.warn(
          { endpoint: name, arm, reason: reason.message },
          'arm fails too often to be asked for now: others answer for it',
        ),
      ),
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
