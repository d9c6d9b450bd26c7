import type { ModelMetadata } from '../../model-workers/protocol/types.ts'
import type { ModelFit } from '../config/models/fit.ts'
import { fitMetadata } from '../upstream/fit/fit-metadata.ts'
import type { ModelUpstream } from '../upstream/model-upstream.ts'
import { signatureDifference } from '../upstream/signature.ts'
import type { Version } from './version.ts'

/** A worker of a version, as far as a change of workers looks at it. */
export interface ServingReplica {
  readonly index: number
  readonly socket: string
  readonly state: 'starting' | 'ready' | 'backoff' | 'quarantined' | 'stopping' | 'stopped'
  readonly metadata?: ModelMetadata
  readonly lastExit?: {
    readonly code: number | null
    readonly signal: string | null
    readonly reason?: string
  }
}

/** One worker and whatever is started in its place. */
export interface ServingWorker<R extends ServingReplica> {
  replica(): R
  stop(): Promise<void>
}

export interface ModelServerDeps<R extends ServingReplica> {
  readonly upstream: Pick<ModelUpstream, 'metadata' | 'replicaGone'>
  readonly replicas: number
  /** How endpoints see the model; as it is when absent. */
  readonly fit?: ModelFit | undefined
  readonly launch: (version: Version, index: number, onChange: (replica: R) => void) => ServingWorker<R>
  /**
   * Told of the workers that serve. Of one that is ready it resolves to whether it takes requests.
   */
  readonly changed: (replica: R) => Promise<boolean>
  /** Why no more workers of the version must be started. */
  readonly faultOf: (version: Version) => Promise<string | undefined>
}

/** The workers of one model, of one version after another. */
export interface ModelServer {
  /**
   * Starts the first workers. Where they say that they cannot load their file, `instead` is asked for another version.
   * Resolves once each has started, or ended with nothing to be had instead.
   */
  start(first: Version, instead?: (reason: string) => Promise<Version | undefined>): Promise<void>
  /**
   * Starts the workers of `next`, which run the model once before they are ready, and compares what they take and give.
   * Only then they get requests, and only then the old ones get no more: those end when what they run is over.
   * Resolves with the reason where it came to nothing; the old version has then served on as if nothing had been.
   */
  replace(next: Version): Promise<string | undefined>
  /** Puts another worker of the same version in the place of one, in the same way. */
  recycle(index: number): Promise<string | undefined>
  /** Of the replica with this index. */
  versionOf(index: number): string | undefined
}

/** A worker that gets no requests before it has joined. */
interface Begun<R extends ServingReplica> {
  readonly index: number
  readonly worker: ServingWorker<R>
  /** Resolves when it is ready, or with the reason why it is not. */
  readonly ready: Promise<string | undefined>
  /** Whether it takes requests. */
  join(): Promise<boolean>
}

const noFirstProbe = 'a worker was ready and then did not answer its first probe'

export function createModelServer<R extends ServingReplica>(deps: ModelServerDeps<R>): ModelServer {
  const { upstream, replicas, fit, launch, changed, faultOf } = deps
  const versions = new Map<number, string>()
  let serving: Version
  /** By index. */
  let workers: Map<number, ServingWorker<R>> = new Map()
  let turn: Promise<unknown> = Promise.resolve()

  /** One change at a time, in the order in which they were asked for. */
  function inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const done = turn.then(change)
    turn = done.catch(() => undefined)
    return done
  }

  function freeIndexes(count: number): number[] {
    const all = Array.from({ length: workers.size + count }, (_, index) => index)
    return all.filter((index) => !workers.has(index)).slice(0, count)
  }

  function begin(version: Version, index: number): Begun<R> {
    versions.set(index, version.name)
    const first = Promise.withResolvers<string | undefined>()
    let joined = false
    const worker = launch(version, index, (replica) => {
      if (joined) return void changed(replica)
      if (replica.state === 'ready') first.resolve(undefined)
      else if (replica.state !== 'starting') first.resolve(endOf(replica))
    })
    return {
      index,
      worker,
      ready: first.promise,
      join() {
        joined = true
        return changed(worker.replica())
      },
    }
  }

  /** Resolves with the reason where not all of them take requests; they are gone then. */
  async function admit(begun: readonly Begun<R>[]): Promise<string | undefined> {
    const reasons = await Promise.all(begun.map(({ ready }) => ready))
    const reason = reasons.find((each) => each !== undefined) ?? differenceOf(begun[0]!.worker.replica())
    if (reason !== undefined) {
      await Promise.all(begun.map(({ worker }) => worker.stop()))
      return reason
    }
    const verdicts = await Promise.all(begun.map((each) => each.join()))
    if (verdicts.every(Boolean)) return undefined
    await Promise.all(begun.map(({ index, worker }) => retire(index, worker)))
    return noFirstProbe
  }

  async function replace(next: Version): Promise<string | undefined> {
    const fault = await faultOf(next)
    if (fault !== undefined) return fault
    const begun = freeIndexes(replicas).map((index) => begin(next, index))
    const reason = await admit(begun)
    if (reason !== undefined) return reason
    const before = workers
    serving = next
    workers = new Map(begun.map(({ index, worker }) => [index, worker]))
    await Promise.all(Array.from(before, ([index, worker]) => retire(index, worker)))
    return undefined
  }

  async function recycle(index: number): Promise<string | undefined> {
    const before = workers.get(index)
    if (before === undefined) return 'it was replaced already'
    const fault = await faultOf(serving)
    if (fault !== undefined) return fault
    const next = begin(serving, freeIndexes(1)[0]!)
    const reason = await admit([next])
    if (reason !== undefined) return reason
    workers.delete(index)
    workers.set(next.index, next.worker)
    await retire(index, before)
    return undefined
  }

  async function retire(index: number, worker: ServingWorker<R>): Promise<void> {
    await upstream.replicaGone(index)
    await worker.stop()
  }

  function differenceOf({ metadata: own }: R): string | undefined {
    const known = upstream.metadata()
    if (known === undefined || own === undefined) return undefined
    const metadata = seen(own)
    if (typeof metadata === 'string') return metadata
    const input = signatureDifference(known.inputs, metadata.inputs)
    if (input !== undefined)
      return `input ${input}: give a model with other inputs a name and an arm of its own`
    const output = signatureDifference(known.outputs, metadata.outputs)
    return output && `output ${output}: give a model with other outputs a name and an arm of its own`
  }

  /** Answers in words where it cannot be seen so. */
  function seen(metadata: ModelMetadata): ModelMetadata | string {
    if (fit === undefined) return metadata
    try {
      return fitMetadata(fit, metadata).metadata
    } catch (error) {
      return `it does not fit models.${metadata.name}.fit: ${(error as Error).message}`
    }
  }

  /** Resolves with what the workers say of a file that they cannot load; they are gone then. */
  async function tryFirst(version: Version, canFail: boolean): Promise<string | undefined> {
    serving = version
    let refusal: string | undefined
    const outcomes = Array.from({ length: replicas }, (_, index) => {
      versions.set(index, version.name)
      const first = Promise.withResolvers<void>()
      const worker = launch(version, index, (replica) => {
        if (canFail) refusal ??= refusalOf(replica)
        if (refusal === undefined) void changed(replica)
        if (replica.state !== 'starting') first.resolve()
      })
      workers.set(index, worker)
      return first.promise
    })
    await Promise.all(outcomes)
    if (refusal !== undefined)
      await Promise.all(Array.from(workers, ([index, worker]) => retire(index, worker)))
    return refusal
  }

  return {
    start: (first, instead) =>
      inTurn(async () => {
        let reason = await tryFirst(first, instead !== undefined)
        while (reason !== undefined) {
          const next = await instead!(reason)
          if (next === undefined && (await faultOf(serving)) !== undefined) return
          reason = await tryFirst(next ?? serving, next !== undefined)
        }
      }),
    replace: (next) => inTurn(() => replace(next)),
    recycle: (index) => inTurn(() => recycle(index)),
    versionOf: (index) => versions.get(index),
  }
}

/** What a worker said of its file before it was ever ready. */
function refusalOf({ state, metadata, lastExit }: ServingReplica): string | undefined {
  const isOver = state === 'backoff' || state === 'quarantined'
  return isOver && metadata === undefined ? lastExit?.reason : undefined
}

function endOf({ state, lastExit }: ServingReplica): string {
  if (state === 'stopping' || state === 'stopped') return 'the gateway is stopping'
  const { reason, code, signal } = lastExit ?? { code: null, signal: null }
  return reason ?? `its worker ended with ${signal ?? `code ${code}`} before it was ready`
}
