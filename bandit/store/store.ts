import type { Logger } from 'pino'
import type { ObservedDelta } from '../rewards/observed.ts'
import type { Checkpoint, Lineage, RestoreResult, Stamp } from './checkpoint.ts'

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
  /** Makes sure that these secrets are there too, and answers all that are, the one that signs first. */
  shareSecrets(secrets: readonly string[]): Promise<readonly string[]>
  endpoint(settings: EndpointSettings): EndpointStore
  /** Milliseconds since 1970 by the clock that says when windows are over: the server's, or this machine's. */
  time(): Promise<number>
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
  /** How long after its window a decision may still be changed; a day when absent. */
  readonly retentionMs?: number
  /** True: rewards of an open bucket are held apart, and join the sums when the bucket is closed. */
  readonly hold?: boolean
  /** True: `readState` leaves out what is held, which may be large. */
  readonly heldUnread?: boolean
}

export interface EndpointStore {
  /** The state, or undefined when its version is still `knownVersion`. One consistent read. */
  readState(knownVersion?: number): Promise<EndpointState | undefined>
  /** Adds pull counts; a flush whose (gateway, sequence) was seen before adds nothing. Where the data has them. */
  recordPulls(flush: PullFlush): Promise<Stamp>
  /** Keeps `value` under `key` until `ttlMs` has passed; the first value under a key stands. */
  recordDecision(key: string, value: string, ttlMs: number): Promise<RecordResult>
  readDecision(key: string): Promise<string | undefined>
  /** One atomic step: checks the times and the mark, adds the delta, moves the decision between the counts. */
  applyReward(application: RewardApplication): Promise<ApplyResult>
  /**
   * Ends a bucket whose window is over by the store's clock: what was held joins the sums, and each pull in it
   * that is still unsettled is defaulted or written off. Buckets are closed in rising order. Does nothing before
   * the window is over.
   */
  closeBucket(closing: BucketClosing): Promise<CloseResult>
  /**
   * Lets go of the marks of buckets that cannot be changed any more, once every journal has brought what it accepted until
   * then; says how far this gateway's has come. To be called every few seconds.
   */
  forgetMarks(journal?: JournalProgress): Promise<Forgotten>
  /** Forgets the sums of epochs below `before`, whose weight has become nothing. */
  pruneEpochs(before: number): Promise<void>
  /**
   * What was said of the endpoint's arms, whatever the generation, or undefined when its revision is still
   * `knownRevision`. Revision 0 with no text before the first time.
   */
  readControls(knownRevision?: number): Promise<ControlsRecord | undefined>
  /** Puts `next` in place of the revision `expected`, which is below its own; a conflict when that is not there any more. */
  writeControls(expected: number, next: ControlsRecord): Promise<'written' | 'conflict'>
  /** All that can be given back, as of one moment. */
  dump(): Promise<Checkpoint>
  /**
   * Adds a checkpoint to data that began after it, unless it was said already what that began with; to what was said to
   * be bare only where `over` says so.
   */
  restore(checkpoint: Checkpoint, over?: 'bare'): Promise<RestoreResult>
  /** What the data began with; `say` says so where nobody has, and `forgotten` where it is bare. */
  descend(say?: 'bare' | 'forgotten'): Promise<Lineage>
  /**
   * Names the copy of the data that answers. Another name than before means that the server was restarted, that
   * another one took over or that the data vanished, so that acknowledged writes may be missing; or that a checkpoint
   * was given back, so that some may be there twice until their marks are.
   */
  identity(): Promise<string>
}

/** How far a gateway's journal has come. */
export interface JournalProgress {
  /** Its name for ever, also over restarts. */
  readonly journal: string
  /** All that it accepted before is in the store, ms since 1970; undefined = it holds nothing and may never come back. */
  readonly brought: number | undefined
}

export interface Forgotten {
  /** For how long marks are kept beyond their time already, for journals that are behind or not heard of. */
  readonly overdueMs: number
  /** Journals that are not waited for any more: what they still hold may come too late. */
  readonly givenUp: readonly string[]
}

export interface EndpointState {
  /** Rises with every change of the endpoint's state. */
  readonly version: number
  /** When the data came into being, microseconds since 1970; absent where that is not known. */
  readonly born?: number
  readonly arms: ReadonlyMap<string, ArmState>
  /** Sums per epoch of what was observed beside the arms, by its name. */
  readonly observed: ReadonlyMap<string, ReadonlyMap<number, Float64Array>>
}

export interface ArmState {
  /** Sums per epoch, see `statistics.ts`. */
  readonly epochs: ReadonlyMap<number, Float64Array>
  readonly open: ReadonlyMap<number, OpenBucket>
  /** Sums of open buckets that are not learned yet, see `EndpointSettings.hold`. */
  readonly held: ReadonlyMap<number, Float64Array>
  readonly totals: ArmTotals
}

/** Decisions of a bucket that is still open; pending = max(0, pulls − rewarded − voided). */
export interface OpenBucket {
  readonly pulls: number
  readonly rewarded: number
  readonly voided: number
}

/** Lifetime counts of decisions, never weighted. */
export interface ArmTotals {
  readonly pulls: number
  readonly rewarded: number
  /** Taken back as never shown. */
  readonly voided: number
  readonly defaulted: number
  readonly writtenOff: number
}

export interface PullFlush {
  /** Unique for each gateway process start. */
  readonly gateway: string
  /** 1, 2, 3, … A flush is repeated under its own number, within a day, until it is acknowledged. */
  readonly sequence: number
  /** Pulls of a bucket that is closed already are written off, or defaulted where they say what silence is worth. */
  readonly counts: readonly PullCount[]
}

export interface PullCount {
  readonly arm: string
  readonly bucket: number
  readonly pulls: number
  /**
   * What these pulls are learned as if nothing is ever heard of them, where that differs from pull to pull: the bucket
   * holds it until it is closed, and when it is closed already it joins the sums of the epoch at once.
   */
  readonly silence?: { readonly epoch: number; readonly sums: Float64Array }
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
  /** What the decision was until now; absent = unsettled under an empty expected mark, else rewarded. */
  readonly from?: Standing
  /** What it is from now on; absent = rewarded. */
  readonly to?: Standing
  /** Delta of the default that the decision got if its bucket was closed before it was settled: taken back. */
  readonly defaultDelta?: Float64Array
  /** True: defaults are among what buckets hold, see `BucketClosing`, so nothing is to be taken back but what is given. */
  readonly defaultsHeld?: boolean
  /** Added to what the bucket holds, see `PullCount.silence`; to the sums of the epoch where it is closed already. */
  readonly heldDelta?: Float64Array
  /** Added to sums beside those of the arms, under the same epoch, and held as long as `delta` is. */
  readonly observed?: readonly ObservedDelta[]
  /** True: counts even when it was accepted after the window. */
  readonly afterWindow?: boolean
  /** What a restored checkpoint holds of the decision, as a mark: what was known of that until now, and what is from now on. */
  readonly base?: { readonly expected: string; readonly next: string }
}

/** A decision is unsettled, whether pending, defaulted or written off, until something is known of it. */
export type Standing = 'unsettled' | 'rewarded' | 'void'

export type ApplyResult =
  | { readonly status: 'applied'; readonly stamp: Stamp }
  /**
   * The mark, or the base where one was given, is not the expected one: nothing was changed, decide again from these.
   * The stamp is that of the mark.
   */
  | { readonly status: 'conflict'; readonly mark: string; readonly stamp: Stamp; readonly base: string }
  /** Accepted after the window, or so late that the decision's mark may be gone. */
  | { readonly status: 'late' }

/** All that operators and guardrails have said of an endpoint's arms: one text, known by its revision. */
export interface ControlsRecord {
  readonly revision: number
  readonly text: string
}

export interface BucketClosing {
  readonly bucket: number
  readonly epoch: number
  /** Delta of one default reward; absent = unsettled pulls are written off. */
  readonly defaultDelta?: Float64Array
  /** True: what unsettled pulls get is among what the bucket holds, so they count as defaulted and add nothing. */
  readonly defaultsHeld?: boolean
}

export interface CloseResult {
  /** Per arm, pulls that were unsettled. Empty when another gateway was first or it is too early. */
  readonly unrewarded: ReadonlyMap<string, number>
}

/** What the stores need of a logger. */
export type StoreLogger = Pick<Logger, 'debug'>

/** The store cannot be reached or cannot take writes just now. */
export class StoreUnavailable extends Error {
  readonly code = 'store_unavailable'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreUnavailable'
  }
}

/** The store is there and must not be used as it is set up: waiting mends nothing. */
export class StoreUnfit extends StoreUnavailable {
  constructor(message: string) {
    super(message)
    this.name = 'StoreUnfit'
  }
}
