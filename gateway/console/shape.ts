import type { EventKind, EventLevel } from '../events/event.ts'

/** What the gateway tells the page of the console: everything at first, then what is new. Times are ms since 1970. */
export interface ConsoleUpdate {
  readonly at: number
  /** When this gateway started: another number is another gateway, whose history begins anew. */
  readonly startedAt: number
  /** True: the lists are all there is. False: they go on from the update before. */
  readonly whole: boolean
  readonly endpoints: readonly EndpointPicture[]
}

export interface EndpointPicture {
  readonly name: string
  readonly policy: string
  readonly reward: {
    readonly from: 'label' | 'reward'
    readonly low: number
    readonly high: number
    readonly windowMs: number
  }
  readonly now: EndpointNow
  readonly history: readonly HistoryPoint[]
  readonly decisions: readonly DecisionNote[]
  readonly events: readonly EventNote[]
}

export interface EndpointNow {
  /** Since the store was last read; null before the first time. */
  readonly snapshotAgeMs: number | null
  /** Rewarded decisions that are decided by, and those that the store has since it was emptied. */
  readonly holding?: { readonly rewarded: number; readonly inStore: number }
  readonly warnings: readonly string[]
  /** The arm that was found to be best, where the endpoint has a rule for when to say so. */
  readonly found?: string
  readonly arms: readonly ArmNow[]
}

export interface ArmNow {
  readonly name: string
  readonly isAvailable: boolean
  /** Why it gets no request although it might answer. */
  readonly held?: 'paused' | 'quarantined' | 'rolled_back'
  /** In the reward's own unit, as is the interval from its 5 % to its 95 % quantile. */
  readonly mean: number
  readonly interval: readonly [number, number]
  /** On the scale from 0 = `reward.low` to 1 = `reward.high`; absent where it has no name. */
  readonly posterior?: Posterior
  readonly probabilityBest: number
  readonly share: number
  /** What the share is on its way to; absent where shares do not move by steps. */
  readonly wantedShare?: number
  readonly pending: number
  readonly pulls: number
  readonly rewarded: number
  readonly defaulted: number
  readonly voided: number
  readonly writtenOff: number
  /** From decision to first feedback; absent before the first. */
  readonly delay?: { readonly p50Ms: number; readonly p90Ms: number; readonly p99Ms: number }
  readonly replicas: readonly ReplicaNow[]
}

export type Posterior =
  | { readonly kind: 'beta'; readonly alpha: number; readonly beta: number }
  | {
      readonly kind: 'student-t'
      readonly location: number
      readonly scale: number
      readonly degrees: number
    }

export interface ReplicaNow {
  readonly model: string
  readonly replica: number
  readonly state: 'starting' | 'up' | 'draining' | 'down' | 'quarantined'
  readonly restarts: number
}

/** Numbers by arm are in the order of `now.arms`. */
export interface HistoryPoint {
  readonly at: number
  readonly share: readonly number[]
  readonly best: readonly number[]
  readonly mean: readonly number[]
  readonly pulls: readonly number[]
  readonly rewarded: readonly number[]
  /** Sums since the gateway started, in the reward's own unit. */
  readonly expected: ExpectedReward
}

/** Every pull counted with the mean that was believed of an arm when it was made. */
export interface ExpectedReward {
  /** Of the arm that was chosen. */
  readonly got: number
  /** Of the arm believed best. */
  readonly best: number
  /** Of all arms on average. */
  readonly uniform: number
}

export interface DecisionNote {
  readonly at: number
  readonly arm: string
  readonly propensity: number
  readonly policy: string
  /** stale: drawn from what was known before the store went away. */
  readonly reason: 'policy' | 'failover' | 'stale'
}

export interface EventNote {
  readonly at: number
  readonly id: string
  readonly kind: EventKind
  readonly level: EventLevel
  /** One sentence. */
  readonly detail: string
}
