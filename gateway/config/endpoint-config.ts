import type {
  ArmPrior,
  Combine,
  ContextSchema,
  Delay,
  Forgetting,
  MaxStep,
  OnNewVersion,
  Penalty,
  PolicyName,
  PolicySettings,
  RewardBounds,
  StopRule,
} from '../../bandit/index.ts'
import type { Signal } from '../monitoring/drift/signal.ts'
import type { FeatureSourceConfig } from './features/features.ts'
import type { LeashConfig } from './leash/leash.ts'
import type { PreprocessConfig } from './pipeline/pipeline.ts'
import type { PostStepConfig } from './pipeline/postprocess.ts'
import type { RuleConfig } from './rules/rules.ts'
import type { ShadowConfig } from './shadows/shadows.ts'

export interface EndpointConfig {
  readonly name: string
  /** At least one. */
  readonly arms: readonly ArmConfig[]
  readonly policy: PolicyConfig
  readonly reward: RewardConfig
  /** What requests say of themselves; rewards are then learned by it. */
  readonly context?: ContextSchema
  /** Absent = nothing is fetched for requests. */
  readonly features?: readonly FeatureSourceConfig[]
  /** Absent = requests send tensors. */
  readonly preprocess?: PreprocessConfig
  /** Absent = outputs are answered as they are. */
  readonly postprocess?: readonly PostStepConfig[]
  /** Absent = nothing is watched for drift. */
  readonly drift?: DriftConfig
  /** How long one `key` stays with its arm. */
  readonly stickyMs?: number
  readonly rules?: readonly RuleConfig[]
  readonly shadows?: readonly ShadowConfig[]
  readonly ledger: 'signed' | 'stored'
  /** Requests that may wait for a replica of whichever model. */
  readonly queue: number
  /** From the request's arrival to its answer. */
  readonly deadlineMs: number
}

export interface DriftConfig {
  readonly signals: readonly Signal[]
  /** Predictions of an arm that the later ones are compared with, where the file has none of it. */
  readonly first: number
  readonly file: string | undefined
  readonly windowMs: number
  /** Population stability index from which a signal has drifted. */
  readonly threshold: number
  /** Share of the predictions that are looked at. */
  readonly sample: number
}

export type ArmConfig = ModelArmConfig | EnsembleArmConfig | ValueArmConfig

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export interface ModelArmConfig extends LeashConfig {
  readonly kind: 'model'
  readonly name: string
  readonly model: string
  /** Propensity that the arm never falls below. */
  readonly minShare: number
  /** Propensity that it never rises above; 1 when absent. */
  readonly maxShare?: number | undefined
  readonly prior?: ArmPrior | undefined
  /** Absent = what it has learned goes on when its model gets another version. */
  readonly onNewVersion?: OnNewVersion | undefined
}

export interface EnsembleArmConfig extends LeashConfig {
  readonly kind: 'ensemble'
  readonly name: string
  readonly members: readonly { readonly model: string; readonly weight: number }[]
  readonly combine: 'mean' | 'weighted' | 'median' | 'majority' | 'stacked' | 'first'
  /** Whether members weigh by how often they were right, in place of their weights. */
  readonly byPosterior?: boolean
  /** The model that combines the float output `over` of all members; of stacked ensembles alone. */
  readonly stack?: { readonly model: string; readonly over: string } | undefined
  /** Members that must answer. */
  readonly quorum: number
  /** How long members are waited for. */
  readonly deadlineMs: number
  /** Makes `output` the index of the largest value in each row of the combined `over`. */
  readonly argmax: { readonly output: string; readonly over: string } | undefined
  readonly minShare: number
  readonly maxShare?: number | undefined
  readonly prior?: ArmPrior | undefined
}

/** Nothing here infers: the caller is told the value and acts on it. All arms of an endpoint are such, or none. */
export interface ValueArmConfig extends LeashConfig {
  readonly kind: 'value'
  readonly name: string
  readonly value: Json
  readonly minShare: number
  readonly maxShare?: number | undefined
  readonly prior?: ArmPrior | undefined
}

/** Rewards in it are shares of their bounds. At most one of the three ways to forget is there. */
export interface PolicyConfig extends PolicySettings {
  readonly name: PolicyName
  readonly halfLifeMs: number | undefined
  readonly slidingWindowMs?: number | undefined
  readonly changeDetection?: Omit<Extract<Forgetting, { kind: 'change-detection' }>, 'kind'> | undefined
  /** How quickly shares move; absent = at once. */
  readonly maxStep?: MaxStep | undefined
  /** When the best arm is called; `act` then gives it all traffic. */
  readonly stop?: (StopRule & { readonly act: boolean }) | undefined
  /** Beta prior of each arm's mean reward. */
  readonly prior: { readonly alpha: number; readonly beta: number }
}

export interface RewardConfig {
  readonly from: 'reward' | 'label'
  /** Output that holds the predicted label. */
  readonly output: string
  /** How long after the prediction feedback counts. */
  readonly windowMs: number
  /** Reward of a prediction that got no feedback; undefined = nothing is learned from it. */
  readonly default: number | undefined
  /** Of what is learned, so with the penalty taken off; 0 to 1 when absent. */
  readonly bounds?: RewardBounds | undefined
  /** Taken off what feedback says; absent = nothing is. */
  readonly penalty?: Penalty | undefined
  readonly combine: Combine
  /** `arrival` when absent. */
  readonly delay?: Delay
  /** Whether feedback after the window counts and takes the default back. */
  readonly corrections?: boolean
  /** How long after the window a prediction may still be corrected. */
  readonly retentionMs?: number
  /** Silence after which feedback has stalled, where it does not take longer anyway; undefined = never. */
  readonly stalledAfterMs?: number | undefined
}
