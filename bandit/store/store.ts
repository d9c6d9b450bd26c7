import type { Logger } from 'pino'

/**
 * The port to the bandit state. Two implementations, `redis.ts` and `sqlite.ts`, pass one contract suite.
 *
 * The store only adds vectors, counts pulls and compares marks; it knows nothing of policies, rewards or time
 * weights, so that any order of arrival from any number of gateways gives the same state.
 */
export interface Store {
  readonly kind: 'redis' | 'sqlite'
  /** Resolves when the store answers; rejects with a StoreUnavailable that says what to mend. */
  ping(): Promise<void>
  /** The secret shared by every gateway on this store; `proposed` is kept if there is none yet. */
  signingSecret(proposed: string): Promise<string>
  endpoint(settings: EndpointSettings): EndpointStore
  close(): Promise<void>
}

export interface EndpointSettings {
  readonly endpoint: string
  /**
   * 8 hex digits over all that makes statistics comparable, the bucket's width included; another generation is
   * another, empty state.
   */
  readonly generation: string
  /** How long after the decision feedback still counts. */
  readonly windowMs: number
  /** Width of the buckets in which pulls are counted and rewards are weighted. */
  readonly bucketMs: number
}

export interface EndpointStore {
  /** The state, or undefined when its version is still `knownVersion`. One consistent read. */
  readState(knownVersion?: number): Promise<EndpointState | undefined>
  /** Adds pull counts; a flush whose (gateway, sequence) was seen before adds nothing. */
  recordPulls(flush: PullFlush): Promise<void>
  /** Keeps `value` under `key` until `ttlMs` has passed; the first value under a key stands. */
  recordDecision(key: string, value: string, ttlMs: number): Promise<RecordResult>
  readDecision(key: string): Promise<string | undefined>
  /** One atomic step: checks the window and the mark, adds the delta, moves the pull out of pending. */
  applyReward(application: RewardApplication): Promise<ApplyResult>
  /**
   * Ends a bucket whose window is over by the store's clock: each pull in it that was never rewarded is defaulted
   * or written off, and whatever comes for it or an older bucket from now on is late. Buckets are closed in rising
   * order. Does nothing before the window is over.
   */
  closeBucket(closing: BucketClosing): Promise<CloseResult>
  /** Forgets the sums of epochs below `before`, whose weight has become nothing. */
  pruneEpochs(before: number): Promise<void>
  /**
   * Names the copy of the data that answers. Another name than before means that the server was restarted, that
   * another one took over or that the data vanished, so that acknowledged writes may be missing.
   */
  identity(): Promise<string>
}

export interface EndpointState {
  /** Rises with every change of the endpoint's state. */
  readonly version: number
  readonly arms: ReadonlyMap<string, ArmState>
}

export interface ArmState {
  /** Sums per epoch, see `statistics.ts`. */
  readonly epochs: ReadonlyMap<number, Float64Array>
  /** Pulls and rewards of buckets still open; pending = Σ max(0, pulls − rewarded). */
  readonly open: ReadonlyMap<number, { readonly pulls: number; readonly rewarded: number }>
  readonly totals: ArmTotals
}

/** Lifetime counts of decisions, never weighted. */
export interface ArmTotals {
  readonly pulls: number
  readonly rewarded: number
  readonly defaulted: number
  readonly writtenOff: number
}

export interface PullFlush {
  /** Unique for each gateway process start. */
  readonly gateway: string
  /** 1, 2, 3, … A flush is repeated under its own number, within a day, until it is acknowledged. */
  readonly sequence: number
  /** Pulls of a bucket that is closed already are written off. */
  readonly counts: readonly { readonly arm: string; readonly bucket: number; readonly pulls: number }[]
}

export type RecordResult =
  | { readonly status: 'recorded' }
  | { readonly status: 'exists'; readonly value: string }

export interface RewardApplication {
  /** The decision's key, 16 characters. */
  readonly key: string
  readonly arm: string
  /** ⌊decidedAt / bucketMs⌋ */
  readonly bucket: number
  readonly epoch: number
  /** Milliseconds since 1970 by the deciding gateway's clock. */
  readonly decidedAt: number
  /** When the gateway accepted the feedback; absent = now, by the store's clock. */
  readonly acceptedAt?: number
  /** What the caller believes is known of this decision's rewards; '' = nothing. */
  readonly expectedMark: string
  /** What is known once this application is through; never '' and never the expected mark. */
  readonly mark: string
  /** Added to the arm's sums of the epoch. */
  readonly delta: Float64Array
}

export type ApplyResult =
  | { readonly status: 'applied' }
  /** The mark is not the expected one: nothing was changed, decide again from this one. */
  | { readonly status: 'conflict'; readonly mark: string }
  /** Accepted after the window, or the bucket has been closed, or its marks are too old to be kept. */
  | { readonly status: 'late' }

export interface BucketClosing {
  readonly bucket: number
  readonly epoch: number
  /** Delta of one default reward; absent = pulls without a reward are written off. */
  readonly defaultDelta?: Float64Array
}

export interface CloseResult {
  /** Per arm, pulls that were still pending. Empty when another gateway was first or it is too early. */
  readonly unrewarded: ReadonlyMap<string, number>
}

/** What the stores need of a logger. */
export type StoreLogger = Pick<Logger, 'info' | 'warn'>

/** The store cannot be reached or cannot take writes just now. */
export class StoreUnavailable extends Error {
  readonly code = 'store_unavailable'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreUnavailable'
  }
}
