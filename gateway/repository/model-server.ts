import type { ModelMetadata } from '../../model-workers/protocol/types.ts'
import type { ModelUpstream } from '../upstream/model-upstream.ts'
import { signatureDifference } from '../upstream/signature.ts'
import type { Version } from './watch-model.ts'

/** A worker of a version, as far as a change of versions looks at it. */
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

export interface ServingGroup<R extends ServingReplica> {
  replicas(): readonly R[]
  stop(): Promise<void>
}

export interface ModelServerDeps<R extends ServingReplica> {
  readonly upstream: Pick<ModelUpstream, 'metadata' | 'replicaGone'>
  readonly replicas: number
  /** Starts the workers of a version, their indexes from `firstIndex`. */
  readonly launch: (version: Version, firstIndex: number, onChange: (replica: R) => void) => ServingGroup<R>
  /**
   * Told of the workers of the version that serves. Of one that is ready it resolves to whether it takes requests.
   */
  readonly changed: (replica: R) => Promise<boolean>
  /** Why the file must not be loaded. */
  readonly faultOf: (file: string) => string | undefined
}

/** The workers of one model, of one version after another. */
export interface ModelServer {
  start(first: Version): void
  /**
   * Starts the workers of `next`, which run the model once before they are ready, and compares what they take and give.
   * Only then they get requests, and only then the old ones get no more: those end when what they run is over.
   * Resolves with the reason where it came to nothing; the old version has then served on as if nothing had been.
   */
  replace(next: Version): Promise<string | undefined>
  /** Of the replica with this index. */
  versionOf(index: number): string | undefined
}

interface Serving<R extends ServingReplica> {
  readonly version: Version
  readonly group: ServingGroup<R>
  readonly firstIndex: number
}

export function createModelServer<R extends ServingReplica>(deps: ModelServerDeps<R>): ModelServer {
  const { upstream, replicas, launch, changed, faultOf } = deps
  const versions = new Map<number, string>()
  let serving: Serving<R>

  function name(firstIndex: number, version: Version): void {
    for (let at = 0; at < replicas; at++) versions.set(firstIndex + at, version.name)
  }

  /** Each version has the indexes that the one before it has not. */
  async function replace(next: Version): Promise<string | undefined> {
    const fault = faultOf(next.file)
    if (fault !== undefined) return fault
    const firstIndex = serving.firstIndex === 0 ? replicas : 0
    name(firstIndex, next)
    const started = Promise.withResolvers<string | undefined>()
    const ready = new Set<number>()
    let joined = false
    const group = launch(next, firstIndex, (replica) => {
      if (joined) return void changed(replica)
      if (replica.state === 'ready' && ready.add(replica.index).size === replicas) started.resolve(undefined)
      else if (replica.state !== 'starting' && replica.state !== 'ready') started.resolve(endOf(replica))
    })
    const reason = (await started.promise) ?? differenceOf(group.replicas()[0]!)
    if (reason !== undefined) {
      await group.stop()
      return reason
    }
    joined = true
    const verdicts = await Promise.all(group.replicas().map(changed))
    if (!verdicts.every(Boolean)) {
      await retire(group)
      return 'a worker was ready and then did not answer its first probe'
    }
    const before = serving
    serving = { version: next, group, firstIndex }
    await retire(before.group)
    return undefined
  }

  async function retire(group: ServingGroup<R>): Promise<void> {
    await Promise.all(group.replicas().map(({ index }) => upstream.replicaGone(index)))
    await group.stop()
  }

  function differenceOf({ metadata }: R): string | undefined {
    const known = upstream.metadata()
    if (known === undefined || metadata === undefined) return undefined
    const input = signatureDifference(known.inputs, metadata.inputs)
    if (input !== undefined)
      return `input ${input}: give a model with other inputs a name and an arm of its own`
    const output = signatureDifference(known.outputs, metadata.outputs)
    return output && `output ${output}: give a model with other outputs a name and an arm of its own`
  }

  return {
    start(version) {
      name(0, version)
      serving = { version, group: launch(version, 0, (replica) => void changed(replica)), firstIndex: 0 }
    },
    replace,
    versionOf: (index) => versions.get(index),
  }
}

function endOf({ state, lastExit }: ServingReplica): string {
  if (state === 'stopping' || state === 'stopped') return 'the gateway is stopping'
  const { reason, code, signal } = lastExit ?? { code: null, signal: null }
  return reason ?? `its worker ended with ${signal ?? `code ${code}`} before it was ready`
}
