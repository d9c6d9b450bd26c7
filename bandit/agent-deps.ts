import type { RewardBounds } from './bounds.ts'
import type { HeldArm } from './decisions/choices.ts'
import type { Delay } from './delay/delay.ts'
import type { VersionedArm } from './decisions/editions.ts'
import type { WindowWarning } from './delay/window-warning.ts'
import type { Forgetting } from './beliefs/forgetting.ts'
import type { Identification, StopRule } from './beliefs/identification.ts'
import type { Penalty } from './rewards/penalty.ts'
import type { Policy } from './policies/policy.ts'
import type { BetaPrior } from './beliefs/posterior.ts'
import type { ArmPrior } from './beliefs/priors.ts'
import type { ArmLimits } from './decisions/propensities.ts'
import type { RewardModelSettings } from './beliefs/reward-model.ts'
import type { StateLoss } from './state-loss.ts'
import type { Sums } from './beliefs/statistics.ts'
import type { MaxStep } from './decisions/steps.ts'
import type { EndpointStore, JournalProgress } from './store/store.ts'
import type { Decision } from './types.ts'
import type { EndpointView } from './view.ts'

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
  /** How quickly shares may move; absent = at once. Not for a policy by context, which has shares for each of them. */
  readonly maxStep?: MaxStep | undefined
  /** True: an agent that starts moves on from the shares that the newest pulls had. Not where rules make some of them. */
  readonly stepsFromPulls?: boolean
  /** A snapshot older than this makes decisions degraded. */
  readonly staleMs: number
}

/** Decides for one endpoint from the newest snapshot in memory; nothing on that path waits for the store. */
export interface Agent {
  readonly endpoint: string
  /**
   * Chooses an arm with one uniform number taken from `key`. Undefined when every arm is unavailable. The
   * decision counts as in flight until `answered` or `abandoned` is called with it. A policy that listens to the
   * context has to be given its features.
   */
  decide(
    key: string,
    unavailable?: ReadonlySet<string>,
    features?: Float64Array,
    unit?: string,
  ): Decision | undefined
  /** The same decision, answered by the model in this version. */
  answeredIn(decision: Decision, version: string): Decision
  /** The client got an answer: the decision becomes a pull. */
  answered(decision: Decision): void
  /** No answer of this arm reached the client: no pull, no reward, nothing learned. */
  abandoned(decision: Decision): void
  /** Flushes pulls, ends buckets whose window is over and adopts the newest state. Rejects if the store is away. */
  synchronise(): Promise<void>
  /** From now on these hold, one an arm in the order of the arms, in place of the shares that it was made with. */
  steer(limits: readonly ArmLimits[]): void
  /** What each arm has behind it, in the order of the arms. */
  experience(): readonly { readonly pulls: number; readonly rewarded: number }[]
  /** Probability that the mean reward of `arm` is below that of `other`, and rewards of whichever has fewer. */
  compare(arm: string, other: string): { readonly probabilityBelow: number; readonly rewards: number }
  view(): EndpointView
  /** Rewards of everything that answered, chosen or not, by the name under which it is observed; until the next snapshot. */
  scores(): ReadonlyMap<string, Sums>
  /** Whether the best arm has been found; undefined where nobody asked and before the store was read. */
  identification(): Identification | undefined
  /** The arm whose share is farthest from what the policy wants; undefined where `maxStep` holds none back. */
  heldBack(): HeldArm | undefined
  /** What the newest snapshot gives reason to warn of. */
  warnings(): readonly WindowWarning[]
}
