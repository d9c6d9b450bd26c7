import type { ModelMetadata, Tensor } from '../../model-workers/protocol/types.ts'
import { type Batch, isBatchable, rowsOf, toBatch } from './calls/batch.ts'
import type { Caller } from './arm.ts'
import { type Answer, runBatch } from './calls/batch-run.ts'
import { traceOf } from './calls/batch-trace.ts'
import { createCallFaults, faultOf } from './calls/call-faults.ts'
import type { ReplicaAddress, ReplicaClient } from './replicas/client.ts'
import { type Clock, systemClock } from './calls/clock.ts'
import type { Concurrency } from './replicas/concurrency.ts'
import { createDeadlineTimer } from './calls/deadline-timer.ts'
import { createExpectedWait } from './calls/expected-wait.ts'
import type { Job } from './calls/job.ts'
import { createJobQueue } from './calls/job-queue.ts'
import { createLane, type Lane } from './calls/lane.ts'
import type { UpstreamMetrics } from './metrics.ts'
import type { Replica, ReplicaState } from './replicas/replica.ts'
import { createReplicaSet } from './replicas/replica-set.ts'
import { createPlaces } from './calls/places.ts'
import { secondTries } from './calls/second-tries.ts'
import { createServedVersion } from './replicas/served-version.ts'
import type { UpstreamTracer } from './tracer.ts'

/** One model behind its replicas, which come and go. */
export interface ModelUpstream {
  readonly name: string
  /** What the first replica that was ready said of the model; kept while all are down. */
  metadata(): ModelMetadata | undefined
  /**
   * What the newest answer was given by, which right after an `infer` is its own; before the first one, what the replica
   * that came last says it serves. Undefined where nobody says, or several are served.
   */
  version(): string | undefined
  /** False while no replica can be asked. */
  available(): boolean
  /** Asks those again that are left alone for their faults, and answers whether any can be asked now, or is only late. */
  wake(): boolean
  /**
   * Runs the model on these inputs, perhaps in a batch with others. A call whose replica breaks down gets one more
   * try where its lane, which is the model's own when absent, has one left. Rejects with an UpstreamError, at the latest when `deadlineAt` (performance.now() clock) has come.
   */
  infer(
    inputs: readonly Tensor[],
    deadlineAt: number,
    caller?: Caller,
    lane?: Lane,
  ): Promise<readonly Tensor[]>
  /** Resolves to true once the replica takes requests, to false when it is refused or goes before that. */
  replicaReady(address: ReplicaAddress): Promise<boolean>
  /** The replica gets no more batches; resolves when the one that it runs has come to its end. */
  replicaGone(index: number): Promise<void>
  /** Fails what waits and what runs. */
  close(): Promise<void>
}

interface ModelUpstreamDeps {
  readonly name: string
  /** Rows of one batch, at most. */
  readonly maxBatch: number
  /** Calls that may wait for a replica; the next one is overloaded. */
  readonly queueLimit: number
  readonly createClient: (address: ReplicaAddress) => ReplicaClient
  /** Of one replica; absent = one batch at a time. */
  readonly createConcurrency?: (() => Concurrency) | undefined
  readonly clock?: Clock
  /** Uniform in [0, 1). */
  readonly random?: () => number
  readonly metrics?: UpstreamMetrics
  readonly tracer?: UpstreamTracer | undefined
  /** Told of every replica that becomes idle, suspect, resting, refused or gone, and why. */
  readonly replicaChanged?: (index: number, state: ReplicaState, reason: string) => void
  /** Told once of a replica that has let its deadline pass and then its probes too: nothing but SIGKILL helps. */
  readonly replicaStuck?: (index: number) => void
}

export function createModelUpstream(deps: ModelUpstreamDeps): ModelUpstream {
  const { name, maxBatch, queueLimit, clock = systemClock, random = Math.random } = deps
  const { metrics, tracer, replicaChanged, replicaStuck } = deps
  const queue = createJobQueue()
  const ownLane = createLane(Infinity)
  const faults = createCallFaults(name)
  const expected = createExpectedWait()
  const version = createServedVersion()
  const deadlines = createDeadlineTimer({ clock, expire })
  const stuck = ({ index }: Replica) => replicaStuck?.(index)
  const replicas = createReplicaSet({
    ...deps,
    clock,
    random,
    changed,
    probeFailed,
    stuck,
    found: (metadata) => version.found(metadata),
  })
  /** Rows of one batch; 0 = every call by itself. Undefined until the model is known. */
  let maxRows: number | undefined
  const places = createPlaces({
    queue,
    queueLimit,
    expected,
    running: () => replicas.runningBatches().length,
    hasIdle: () => replicas.hasIdle(),
    maxRows: () => maxRows ?? 1,
  })

  function infer(
    inputs: readonly Tensor[],
    deadlineAt: number,
    caller?: Caller,
    lane = ownLane,
  ): Promise<readonly Tensor[]> {
    const exact = caller?.exact
    return new Promise((resolve, reject) => {
      const madeAt = clock.now()
      const flags = { settled: false, alone: exact !== undefined, retried: false }
      const rows = rowsOf(inputs)
      const trace = tracer?.called(name, rows)
      const job: Job = { inputs, rows, madeAt, deadlineAt, resolve, reject, trace, lane, exact, ...flags }
      if (deadlineAt <= madeAt) return settle(job, faults.unasked('timeout'))
      // Who is asked all the same has nobody else to ask: it waits for what the next probe says.
      if (!replicas.serving() && !replicas.late()) return settle(job, faults.unasked('unreachable'))
      if (!places.for(job)) return settle(job, faults.unasked('overloaded'))
      queue.push(job)
      // Whoever has a lane counts its requests itself, as one may call several models.
      if (lane === ownLane) lane.budget.called()
      deadlines.watch(deadlineAt)
      caller?.onGone(() => abandon(job))
      dispatch()
    })
  }

  /** Idle replicas take what waits. Nothing waits for a fuller batch: that forms by itself while others run. */
  function dispatch(): void {
    while (queue.length > 0) {
      const replica = replicas.nextIdle()
      if (replica === undefined) break
      maxRows ??= isBatchable(replicas.metadata()!) ? maxBatch : 0
      void run(replica, toBatch(queue.take(maxRows), clock.now()))
    }
    metrics?.queued(name, queue.length)
  }

  async function run(replica: Replica, batch: Batch): Promise<void> {
    const { jobs, rows } = batch
    replica.begin(batch)
    deadlines.watch(batch.deadlineAt)
    const beganAt = clock.now()
    metrics?.batched(name, rows)
    const trace = tracer && traceOf(tracer, name, batch)
    const { outputs } = replicas.metadata()!
    const outcome = await runBatch(name, outputs, replica.client, batch, beganAt, trace?.headers)
    trace?.ended(outcome.status === 'failed' ? faultOf(outcome.error) : 'answered')
    switch (outcome.status) {
      case 'answered':
        expected.ran(clock.now() - beganAt)
        version.answered(outcome.version)
        return answered(replica, batch, outcome.answers)
      case 'failed':
        return failed(replica, batch, outcome.error)
      case 'inseparable':
        maxRows = 0
        replicas.release(replica, batch)
        queue.putBack(jobs.filter((job) => !job.settled))
        dispatch()
    }
  }

  function answered(replica: Replica, batch: Batch, answers: readonly Answer[]): void {
    // Those that cannot be used were computed all the same: the replica is well, whatever its model makes of such inputs.
    replicas.release(replica, batch)
    // It works on while these answers are handed out.
    dispatch()
    batch.jobs.forEach((job, i) => settle(job, answers[i]!))
  }

  function failed(replica: Replica, batch: Batch, error: Error): void {
    const { jobs } = batch
    const code = faultOf(error)
    replicas.release(replica, batch, code, error.message)
    const again = secondTries(jobs, code, () => metrics?.retried(name))
    for (const job of jobs) if (!again.includes(job)) settle(job, error)
    queue.putBack(again)
    if (!replicas.hopeful()) strand()
    dispatch()
  }

  function settle(job: Job, answer: readonly Tensor[] | Error): void {
    if (job.settled) return
    job.settled = true
    const outcome = answer instanceof Error ? faultOf(answer) : 'answered'
    metrics?.finished(name, outcome, (clock.now() - job.madeAt) / 1000)
    job.trace?.ended(outcome)
    if (answer instanceof Error) job.reject(answer)
    else job.resolve(answer)
  }

  /** A batch that it is in runs on: nothing ends a native call, and others may wait for it. */
  function abandon(job: Job): void {
    if (job.settled) return
    queue.remove(job)
    settle(job, faults.unasked('abandoned'))
  }

  /** No replica is left that may serve in a moment: whoever waits is better told than kept. */
  function strand(): void {
    for (const job of queue.takeAll()) settle(job, faults.waiting(job, 'unreachable'))
  }

  function expire(now: number): number {
    for (const job of queue.takeDue(now)) settle(job, faults.waiting(job, 'timeout'))
    let next = queue.earliestDeadline()
    for (const { jobs, deadlineAt, abort } of replicas.runningBatches()) {
      for (const job of jobs) {
        if (job.deadlineAt <= now) settle(job, faults.asked('timeout'))
        else if (!job.settled) next = Math.min(next, job.deadlineAt)
      }
      if (deadlineAt <= now) abort.abort(faults.asked('timeout'))
      else next = Math.min(next, deadlineAt)
    }
    return next
  }

  function changed({ index, state }: Replica, reason: string): void {
    replicaChanged?.(index, state, reason)
    dispatch()
  }

  function probeFailed(): void {
    if (!replicas.serving()) strand()
  }

  function replicaGone(index: number): Promise<void> {
    const left = replicas.remove(index)
    if (!replicas.hopeful()) strand()
    return left
  }

  async function close(): Promise<void> {
    deadlines.stop()
    await replicas.close(faults.asked('unreachable'))
    strand()
  }

  return {
    name,
    metadata: () => replicas.metadata(),
    version: () => version.now(),
    available: () => replicas.serving(),
    wake: () => replicas.wake(),
    infer,
    replicaReady: (address) => replicas.add(address),
    replicaGone,
    close,
  }
}
