import type { ModelMetadata } from '../../../model-workers/protocol/types.ts'
import type { Batch } from '../calls/batch.ts'
import type { ReplicaAddress, ReplicaClient } from './client.ts'
import type { Clock } from '../calls/clock.ts'
import type { Concurrency } from './concurrency.ts'
import type { UpstreamFault } from '../errors.ts'
import { Replica, type ReplicaEvents } from './replica.ts'
import { signatureDifference } from '../signature.ts'

/** The replicas of one model; all serve the same inputs and outputs as the first one that was ready. */
export interface ReplicaSet {
  /** Undefined before any replica was ready; kept while all are down. */
  metadata(): ModelMetadata | undefined
  /** Whether any can be asked, now or after its running batch. */
  serving(): boolean
  /** Whether any is serving, or may be after its next probe. */
  hopeful(): boolean
  /** Whether any is out for nothing but a late answer. */
  late(): boolean
  /** Ends the rest of all that rest, and answers whether any is serving now, or may be in a moment. */
  wake(): boolean
  hasIdle(): boolean
  /** An idle one, each in its turn. */
  nextIdle(): Replica | undefined
  runningBatches(): readonly Batch[]
  /** Replaces the one of the same index. Resolves to true once it serves, to false when it is refused or goes first. */
  add(address: ReplicaAddress): Promise<boolean>
  /** Running batches still come to their end; resolves then. */
  remove(index: number): Promise<void>
  /** A batch of a replica is over, well or with a fault. */
  release(replica: Replica, batch: Batch, fault?: UpstreamFault, reason?: string): void
  close(reason: Error): Promise<void>
}

interface ReplicaSetDeps extends ReplicaEvents {
  readonly clock: Clock
  readonly random: () => number
  readonly createClient: (address: ReplicaAddress) => ReplicaClient
  /** Told what a replica says of its model before it is first asked, unless it is refused for that. */
  readonly found: (metadata: ModelMetadata) => void
  /** Of one replica; absent = one batch at a time. */
  readonly createConcurrency?: (() => Concurrency) | undefined
}

export function createReplicaSet(deps: ReplicaSetDeps): ReplicaSet {
  const { clock, random, createClient, createConcurrency, found: tell, ...events } = deps
  let replicas: readonly Replica[] = []
  let metadata: ModelMetadata | undefined
  let turn = 0

  const serving = (): boolean => replicas.some((replica) => replica.serving)
  const hopeful = (): boolean => replicas.some(({ serving, state }) => serving || state === 'suspect')
  const late = (): boolean => replicas.some(({ isLate }) => isLate)
  const forget = (gone: Replica): void => void (replicas = replicas.filter((replica) => replica !== gone))

  function nextIdle(): Replica | undefined {
    for (let i = 0; i < replicas.length; i++) {
      turn = (turn + 1) % replicas.length
      const replica = replicas[turn]!
      if (replica.state === 'idle') return replica
    }
    return undefined
  }

  function wake(): boolean {
    for (const replica of replicas) replica.wake()
    return serving() || late()
  }

  function add(address: ReplicaAddress): Promise<boolean> {
    const { index } = address
    void remove(index)
    const client = createClient(address)
    const concurrency = createConcurrency?.()
    // A remote server may sleep while nobody asks it, and is nothing that could be restarted from here.
    const watched = 'socket' in address
    const shared = { clock, random, admit, ...events }
    const replica = new Replica({ index, client, concurrency, watched, ...shared })
    replicas = [...replicas, replica]
    return replica.settled
  }

  function remove(index: number): Promise<void> {
    const replica = replicas.find((one) => one.index === index && one.state !== 'gone')
    if (replica === undefined) return Promise.resolve()
    replica.leave()
    if (!replica.isBusy) forget(replica)
    return replica.left
  }

  function release(replica: Replica, batch: Batch, fault?: UpstreamFault, reason?: string): void {
    replica.end(batch, fault, reason)
    if (replica.state === 'gone' && !replica.isBusy) forget(replica)
  }

  function admit(found: ModelMetadata): string | undefined {
    metadata ??= found
    const input = signatureDifference(metadata.inputs, found.inputs)
    if (input !== undefined) return `input ${input}`
    const output = signatureDifference(metadata.outputs, found.outputs)
    if (output !== undefined) return `output ${output}`
    tell(found)
    return undefined
  }

  async function close(reason: Error): Promise<void> {
    const leaving = replicas
    for (const replica of leaving) {
      const running = replica.batches
      void remove(replica.index)
      for (const { abort } of running) abort.abort(reason)
    }
    await Promise.all(leaving.map(({ client }) => client.close()))
  }

  return {
    metadata: () => metadata,
    serving,
    hopeful,
    hasIdle: () => replicas.some(({ state }) => state === 'idle'),
    late,
    wake,
    nextIdle,
    runningBatches: () => replicas.flatMap(({ batches }) => batches),
    add,
    remove,
    release,
    close,
  }
}
