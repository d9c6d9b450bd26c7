import type { ModelMetadata } from '../../../model-workers/protocol/types.ts'
import type { Batch } from '../calls/batch.ts'
import { createBreaker, type Breaker } from './breaker.ts'
import type { ReplicaClient } from './client.ts'
import type { Clock } from '../calls/clock.ts'
import type { Concurrency } from './concurrency.ts'
import { UpstreamError, type UpstreamFault } from '../errors.ts'
import { createIdleWatch, type IdleWatch } from './idle-watch.ts'

/**
 * suspect: not asked before a health probe has succeeded; where every replica starts, and where one that broke or
 * was late goes back to. running: with as many batches as it may have. resting: well by its probes and not by its answers, left alone for longer. refused: it does
 * not serve what its model should be; looked at again now and then.
 */
export type ReplicaState = 'suspect' | 'idle' | 'running' | 'resting' | 'refused' | 'gone'

export interface ReplicaEvents {
  /** After every change of state but those between idle and running. */
  readonly changed: (replica: Replica, reason: string) => void
  readonly probeFailed: (replica: Replica) => void
  /** Once, when it was late and still answers no probe after as long again, at least `stuckAfterMs` in all. */
  readonly stuck: (replica: Replica) => void
}

interface ReplicaDeps extends ReplicaEvents {
  readonly index: number
  readonly client: ReplicaClient
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** How many batches it may have at once; one when absent, as a worker computes one at a time. */
  readonly concurrency?: Concurrency | undefined
  /** Whether it is asked once a second if it is there while it has nothing to do. */
  readonly watched: boolean
  /** Judges what the replica serves before it is first asked. Answers why it is refused. */
  readonly admit: (metadata: ModelMetadata) => string | undefined
}

const probeTimeoutMs = 500
/** From the start of one probe to that of the next. */
const firstProbeGapMs = 250
const longestProbeGapMs = 1_000
const refusedGapMs = 60_000
const stuckAfterMs = 2_000

export class Replica {
  readonly index: number
  readonly client: ReplicaClient
  readonly #deps: ReplicaDeps
  readonly #settled = Promise.withResolvers<boolean>()
  readonly #left = Promise.withResolvers<void>()
  #state: ReplicaState = 'suspect'
  /** When each was begun. */
  readonly #batches = new Map<Batch, number>()
  /** Batches so far. */
  #begun = 0
  #admitted = false
  readonly #breaker: Breaker
  #stuckAt = Infinity
  /** It is suspect for nothing but that. */
  #wasLate = false
  #stopWaiting = (): void => {}
  readonly #idleWatch: IdleWatch

  constructor(deps: ReplicaDeps) {
    this.index = deps.index
    this.client = deps.client
    this.#deps = deps
    this.#breaker = createBreaker({ now: deps.clock.now, random: deps.random })
    this.#idleWatch = createIdleWatch({
      clock: deps.clock,
      idleSince: () => (this.#state === 'idle' && !this.isBusy ? this.#begun : undefined),
      ping: () => this.client.ready(probeTimeoutMs),
      lost: () => this.#lose(),
    })
    if (deps.watched) this.#idleWatch.start()
    void this.#probe(firstProbeGapMs)
  }

  get state(): ReplicaState {
    return this.#state
  }

  /** Whether it can be asked, now or after its running batch. */
  get serving(): boolean {
    return this.#state === 'idle' || this.#state === 'running'
  }

  /** Suspect because an answer was late: likely to be back in a moment, and its process lives. */
  get isLate(): boolean {
    return this.#state === 'suspect' && this.#wasLate
  }

  get batches(): readonly Batch[] {
    return [...this.#batches.keys()]
  }

  get isBusy(): boolean {
    return this.#batches.size > 0
  }

  /** Settles when it is first known: true once it takes batches, false when it is refused or taken away. */
  get settled(): Promise<boolean> {
    return this.#settled.promise
  }

  /** Settles when it has been taken away and runs nothing any more. */
  get left(): Promise<void> {
    return this.#left.promise
  }

  begin(batch: Batch): void {
    this.#begun++
    this.#batches.set(batch, this.#deps.clock.now())
    this.#state = this.#hasRoom() ? 'idle' : 'running'
  }

  /**
   * The batch is over. A refusal of inputs is no fault of the replica. Lateness makes it suspect, yet never makes
   * it rest: a slow replica is well as soon as it answers a probe. What comes of batches that were under way when it
   * was given up changes nothing any more.
   */
  end(batch: Batch, fault?: UpstreamFault, reason = ''): void {
    const { clock, concurrency } = this.#deps
    const ranMs = clock.now() - this.#batches.get(batch)!
    concurrency?.observe(ranMs, this.#batches.size, fault)
    this.#batches.delete(batch)
    if (this.#state === 'gone') return this.isBusy ? undefined : this.#close()
    if (!this.serving) return
    this.#state = this.#hasRoom() ? 'idle' : 'running'
    if (fault === undefined || fault === 'rejected') return this.#breaker.good()
    const restMs = fault === 'timeout' ? undefined : this.#breaker.bad()
    if (fault === 'bad_output' && restMs === undefined) return
    if (fault === 'timeout') this.#stuckAt = clock.now() - ranMs + Math.max(stuckAfterMs, 2 * ranMs)
    this.#wasLate = fault === 'timeout'
    this.#move(restMs === undefined ? 'suspect' : 'resting', reason)
    this.#probeAfter(restMs ?? 0, firstProbeGapMs)
  }

  /** Ends its rest: there is nobody else to ask. Its process lives, or it would be gone. */
  wake(): void {
    if (this.#state !== 'resting') return
    this.#stopWaiting()
    this.#move('idle', 'nobody else is left')
  }

  /** No new batch from now on. A running one ends by itself: with an answer, a broken connection, or its deadline. */
  leave(): void {
    this.#idleWatch.stop()
    this.#stopWaiting()
    this.#move('gone', 'taken away')
    if (!this.isBusy) this.#close()
  }

  /** It froze while it was idle. */
  #lose(): void {
    this.#stuckAt = this.#deps.clock.now()
    this.#move('suspect', 'it does not answer')
    void this.#probe(firstProbeGapMs)
  }

  #close(): void {
    this.#left.resolve()
    void this.client.close()
  }

  #hasRoom(): boolean {
    return this.#batches.size < (this.#deps.concurrency?.limit() ?? 1)
  }

  #probeAfter(delayMs: number, nextGapMs: number): void {
    if (delayMs === 0) void this.#probe(nextGapMs)
    else this.#stopWaiting = this.#deps.clock.after(delayMs, () => void this.#probe(nextGapMs))
  }

  async #probe(gapMs: number): Promise<void> {
    const { clock } = this.#deps
    const beganAt = clock.now()
    const finding = await this.#examine()
    if (this.#state === 'gone') return
    if (finding === 'well') {
      this.#stuckAt = Infinity
      return this.#move('idle', 'ready')
    }
    if (finding === 'ill') {
      const leftMs = Math.max(0, beganAt + gapMs - clock.now())
      this.#probeAfter(leftMs, Math.min(gapMs * 2, longestProbeGapMs))
    } else {
      this.#move('refused', finding.refused)
      this.#probeAfter(refusedGapMs, refusedGapMs)
    }
    this.#wasLate = false
    this.#deps.probeFailed(this)
    if (clock.now() < this.#stuckAt) return
    this.#stuckAt = Infinity
    this.#deps.stuck(this)
  }

  async #examine(): Promise<'well' | 'ill' | { readonly refused: string }> {
    const { client, admit } = this.#deps
    if (!(await client.ready(probeTimeoutMs))) return 'ill'
    if (this.#admitted) return 'well'
    try {
      const metadata = await client.metadata(probeTimeoutMs)
      if (this.#state === 'gone') return 'ill'
      const refused = admit(metadata)
      if (refused !== undefined) return { refused }
      this.#admitted = true
      return 'well'
    } catch (error) {
      if (error instanceof UpstreamError && error.code === 'bad_output') return { refused: error.message }
      return 'ill'
    }
  }

  #move(state: ReplicaState, reason: string): void {
    if (state !== 'suspect') this.#settled.resolve(state === 'idle')
    if (state === this.#state) return
    this.#state = state === 'idle' && !this.#hasRoom() ? 'running' : state
    this.#deps.changed(this, reason)
  }
}
