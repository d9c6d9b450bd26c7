import type { Lineage, Stamp } from '../store/checkpoint.ts'
import type { CheckpointFolder } from './checkpoint-folder.ts'
import type { KeptCheckpoint } from './checkpoint-text.ts'
import { giveState, type KeptStore, takeState } from './kept-state.ts'

export interface KeptEndpoint {
  readonly generation: string
  readonly store: KeptStore
}

export interface CheckpointEvents {
  saved(endpoint: string, bytes: number): void
  /** The newest one holds all that the store has. */
  current(endpoint: string): void
  failed(endpoint: string, error: unknown): void
  /** This gateway has given an emptied store what it had `ageMs` ago. */
  restored(endpoint: string, kept: KeptCheckpoint, ageMs: number): void
}

export interface CheckpointKeeperDeps {
  readonly endpoints: ReadonlyMap<string, KeptEndpoint>
  readonly folder: CheckpointFolder
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly events: CheckpointEvents
  /** How old a checkpoint may be so that journals still have all that came after it. */
  readonly youngMs: number
  /** False while feedback waits for an answer of the store, so that nobody knows whether a checkpoint holds it. */
  readonly isKnown?: (() => boolean) | undefined
}

export interface CheckpointKeeper {
  /** Gives an emptied store back what it had. Rejects with a StoreUnavailable. */
  revive(): Promise<void>
  /** Writes a checkpoint of each endpoint that has changed. Never rejects. */
  save(): Promise<void>
}

/** A checkpoint that journals do not complete any more gives way to those of other gateways for that long. */
const givesWayMs = 3000

/** Whoever has a checkpoint has looked by then: each gateway does so once a second. */
const bareAfterMs = 8000

/** By then every gateway has put the marks back to what a checkpoint has brought, and taken out what it brings twice. */
const settlesWithinMs = 10_000

interface Saved extends Stamp {
  /** Of what was said of the arms. */
  readonly revision: number
}

interface Watched {
  born: number
  origin: Lineage['origin']
  /** When it was first seen so. */
  since: number
  saved?: Saved | undefined
}

/**
 * Keeps what an endpoint has learned beyond the loss of its store. What came after the newest checkpoint is in the
 * journals, see `journal/replay.ts`; of several gateways the store lets one give back.
 */
export function createCheckpointKeeper(deps: CheckpointKeeperDeps): CheckpointKeeper {
  const { endpoints, folder, clock, events, isKnown = () => true } = deps
  const watched = new Map<string, Watched>()

  async function look(name: string, { store }: KeptEndpoint): Promise<Watched> {
    const { born, origin } = await store.descend()
    const known = watched.get(name)
    if (known?.born === born && known.origin === origin) return known
    const seen = { ...known, born, origin, since: clock() }
    watched.set(name, seen)
    return seen
  }

  async function newestSaved(name: string, generation: string): Promise<Saved | undefined> {
    const kept = await folder.newest(name, generation)
    return kept && savedOf(kept)
  }

  async function reviveOne(name: string, endpoint: KeptEndpoint): Promise<void> {
    const { born, origin, since } = await look(name, endpoint)
    if (origin !== 'unsettled') return
    const forMs = clock() - since
    const kept = await folder.newest(name, endpoint.generation, born)
    if (kept === undefined) {
      if (forMs >= bareAfterMs) await endpoint.store.descend('bare')
      return
    }
    const ageMs = clock() - kept.checkpoint.at / 1000
    if (ageMs > deps.youngMs && forMs < givesWayMs) return
    const result = await giveState(endpoint.store, kept)
    if (result === 'restored') events.restored(name, kept, ageMs)
  }

  async function saveOne(name: string, endpoint: KeptEndpoint): Promise<void> {
    const seen = await look(name, endpoint)
    // What is being given back now is whole only once it is.
    if (seen.origin === 'unsettled') return
    if (seen.origin === 'restored' && clock() - seen.since < settlesWithinMs) return
    const { generation, store } = endpoint
    const kept = await takeState(store, { endpoint: name, generation })
    const { born, version, revision } = savedOf(kept)
    if (born !== seen.born || !isKnown()) return
    seen.saved ??= await newestSaved(name, generation)
    const isSame = seen.saved?.born === born
    // A store that came back with less than it had must not push out what it lacks.
    if (isSame && version < seen.saved!.version) return
    if (!isSame || version !== seen.saved!.version || revision !== seen.saved!.revision) {
      events.saved(name, await folder.save(kept))
      seen.saved = { born, version, revision }
    }
    events.current(name)
  }

  return {
    async revive() {
      for (const [name, endpoint] of endpoints) await reviveOne(name, endpoint)
    },
    async save() {
      for (const [name, endpoint] of endpoints) {
        if (!isKnown()) return
        await saveOne(name, endpoint).catch((error: unknown) => events.failed(name, error))
      }
    },
  }
}

function savedOf({ checkpoint, controls }: KeptCheckpoint): Saved {
  const { born, version } = checkpoint
  return { born, version, revision: controls?.revision ?? 0 }
}
