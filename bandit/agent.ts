import type { Decision } from './types.ts'

/** Decides for one endpoint from the newest snapshot in memory; nothing here waits for the store. */
export interface Agent {
  readonly endpoint: string
  /**
   * Chooses an arm with one uniform number taken from `key`. Undefined when every arm is unavailable. The
   * decision counts as in flight until `answered` or `abandoned` is called with it.
   */
  decide(key: string, unavailable?: ReadonlySet<string>): Decision | undefined
  /** The client got an answer: the decision becomes a pull. */
  answered(decision: Decision): void
  /** No answer of this arm reached the client: no pull, no reward, nothing learned. */
  abandoned(decision: Decision): void
  view(): EndpointView
}

/** What `GET /endpoints/{name}` shows of the learning. */
export interface EndpointView {
  readonly endpoint: string
  readonly policy: string
  readonly version: number
  /** Milliseconds since the snapshot was read. */
  readonly snapshotAgeMs: number
  readonly arms: readonly ArmView[]
}

export interface ArmView {
  readonly name: string
  /** Posterior mean of the reward and the 5 % and 95 % quantiles. */
  readonly mean: number
  readonly interval: readonly [number, number]
  readonly probabilityBest: number
  /** Propensity of the next decision with every arm available. */
  readonly share: number
  /** Rewards after weighting by age. */
  readonly effectiveCount: number
  readonly pending: number
  readonly pulls: number
  readonly rewarded: number
  readonly defaulted: number
  readonly writtenOff: number
}
