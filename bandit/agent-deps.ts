import type { RewardBounds } from './bounds.ts'
import type { Delay } from './delay/delay.ts'
import type { VersionedArm } from './editions.ts'
import type { Forgetting } from './forgetting.ts'
import type { StopRule } from './identification.ts'
import type { Penalty } from './penalty.ts'
import type { Policy } from './policies/policy.ts'
import type { BetaPrior } from './posterior.ts'
import type { ArmPrior } from './priors.ts'
import type { RewardModelSettings } from './reward-model.ts'
import type { StateLoss } from './state-loss.ts'
import type { EndpointStore, JournalProgress } from './store/store.ts'

export interface AgentArm extends VersionedArm {
  readonly minShare: number
  readonly maxShare?: number | undefined
  readonly prior?: ArmPrior | undefined
  /** Name under which it is observed when it was not chosen; absent = what is observed is not learned as its reward. */
  readonly observedAs?: string | undefined
}

export interface AgentDeps extends RewardModelSettings {
  readonly endpoint: string
  readonly generation: string
  readonly arms: readonly AgentArm[]
  readonly policy: Policy
  readonly prior: BetaPrior
  readonly store: EndpointStore
  /** Unique for this start of this process. */
  readonly gateway: string
  readonly clock: () => number
  readonly windowMs: number
  readonly bucketMs: number
  readonly forgetting: Forgetting
  /** What a pull without a reward counts as when its window is over, in micro-units; undefined = nothing. */
  readonly defaultMicro: number | undefined
  /** When a decision is learned; `arrival` unless given. */
  readonly delay?: Delay
  /** True when rewards count after the window too. */
  readonly corrections?: boolean
  /** Of the rewards as they are shown; 0 to 1 unless given. */
  readonly bounds?: RewardBounds
  /** What is taken off rewards for their answers; `bounds` are what is left. */
  readonly penalty?: Penalty | undefined
  /** Told once whenever the store turns out to have less than it had, see `state-loss.ts`. */
  readonly stateLost?: ((loss: StateLoss) => void) | undefined
  /** How far this gateway's journal has come; absent where there is none. */
  readonly journal?: (() => JournalProgress) | undefined
  /** Told of each journal that marks are kept for no longer. */
  readonly journalGivenUp?: ((journal: string) => void) | undefined
  /** When to call the best arm found. */
  readonly stop?: StopRule | undefined
  /** Numbers in an encoded context; absent where the endpoint declares none. */
  readonly dimension?: number | undefined
  /** λ of the regressions, for what is shown of a policy that has them. */
  readonly ridge?: number | undefined
  /** How long a unit stays with its arm, as far as propensities let it; absent = it is drawn anew each time. */
  readonly stickyMs?: number | undefined
  /** A snapshot older than this makes decisions degraded. */
  readonly staleMs: number
}
