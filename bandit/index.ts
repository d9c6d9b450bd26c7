/** The only door of the learning core: all that is pure, and the store's port. Stores are built in wiring. */
export { createAgent } from './agent.ts'
export type { Agent } from './agent-deps.ts'
export { toShare, unitBounds, type RewardBounds } from './bounds.ts'
export { bucketWidth } from './buckets.ts'
export { evaluate, type EvaluateOptions, type Evaluation } from './evaluate/evaluate.ts'
export type { History, HistoryArm } from './evaluate/history.ts'
export type { Target } from './evaluate/replay.ts'
export { createEncoding, definitionOf, type Context, type Encoding } from './context/encoding.ts'
export {
  dimensionOf,
  maxDimension,
  maxSilentDimension,
  type ContextSchema,
  type Feature,
  type FeatureValue,
} from './context/features.ts'
export { openCheckpointFolder, type CheckpointFolder } from './checkpoints/checkpoint-folder.ts'
export { createCheckpointKeeper, type KeptEndpoint } from './checkpoints/checkpoint-keeper.ts'
export { giveState, takeState } from './checkpoints/kept-state.ts'
export { writeWhole } from './checkpoints/write-whole.ts'
export { parseCheckpointText, rewardedIn, type KeptCheckpoint } from './checkpoints/checkpoint-text.ts'
export { combineNames, type Combine } from './rewards/combine.ts'
export { delayNames, type Delay } from './delay/delay.ts'
export type { WindowWarning } from './delay/window-warning.ts'
export type { OnNewVersion } from './decisions/editions.ts'
export { drawArm } from './decisions/distribution.ts'
export { drawSticky } from './decisions/sticky.ts'
export { memoryMs, noForgetting, type Forgetting } from './beliefs/forgetting.ts'
export { createAcceptingClock } from './journal/accepting-clock.ts'
export { createAvailability } from './journal/availability.ts'
export type { JournalEvents } from './journal/events.ts'
export type { Journal, JournalState } from './journal/journal.ts'
export { createJournalledLearner } from './journal/journalled-learner.ts'
export { createRecordKeeper } from './journal/record-keeper.ts'
export { createRecordMemory } from './journal/record-memory.ts'
export { createReplay } from './journal/replay.ts'
export { createWorthKeeping } from './journal/worth-keeping.ts'
export { thresholdNames, type Identification, type StopRule } from './beliefs/identification.ts'
export { generationOf } from './generation.ts'
export { createLearner, type Learner, type LearningEndpoint } from './learner.ts'
export {
  createLedger,
  type DecisionRecord,
  toLabels,
  type AwayRecord,
  type Ledger,
  type LedgerResult,
  type Labels,
  type OtherLabels,
  type Outputs,
} from './ledger/ledger.ts'
export {
  createPredictionIds,
  type CheckedId,
  type PredictionIds,
  type SigningKey,
} from './ledger/prediction-id.ts'
export type { ArmBelief, Policy } from './policies/policy.ts'
export {
  contextFreePolicyNames,
  contextualPolicyNames,
  createPolicy,
  gradualPolicyNames,
  policyNames,
  type PolicyName,
  type PolicySettings,
} from './policies/by-name.ts'
export { propensitiesOf, toShares, type ArmLimits, type ShareBounds } from './decisions/propensities.ts'
export { ensembleSubject, modelSubject, splitSubject } from './rewards/observed.ts'
export { createStopWhenDecided } from './policies/stop-when-decided.ts'
export { netBounds, penaltyMicro, qualityBounds, type Penalty } from './rewards/penalty.ts'
export type { ArmPrior } from './beliefs/priors.ts'
export { rewardKinds } from './beliefs/reward-model.ts'
export { isOfTenant, keyOfTenant } from './tenants.ts'
export { createKey, keyFromCallerId, uniformFromKey, uniformFromText } from './random.ts'
export { fromMicro, toMicro } from './beliefs/statistics.ts'
export { stepTowards, type MaxStep } from './decisions/steps.ts'
export type { ConnectionGuard } from './store/redis/guarded-connector.ts'
export { holdFile } from './store/sqlite/hold-file.ts'
export { parseRedisAddress, withRedisPassword } from './store/redis/redis-address.ts'
export { journalWaitMs } from './store/retention.ts'
export type { BreakerChange } from './store/store-breaker.ts'
export {
  StoreUnavailable,
  StoreUnfit,
  type ControlsRecord,
  type EndpointStore,
  type Store,
  type JournalProgress,
} from './store/store.ts'
export type { Basis, Decision, Feedback, FeedbackOutcome, FeedbackStatus, Label, Snapshot } from './types.ts'
export type { ArmView, EndpointView, ScoreView } from './view.ts'
