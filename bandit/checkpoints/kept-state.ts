import type { RestoreResult } from '../store/checkpoint.ts'
import type { EndpointStore } from '../store/store.ts'
import type { KeptCheckpoint } from './checkpoint-text.ts'

export type KeptStore = Pick<EndpointStore, 'descend' | 'dump' | 'restore' | 'readControls' | 'writeControls'>

/** What the store has learned of an endpoint, and what was said of its arms. */
export async function takeState(
  store: KeptStore,
  { endpoint, generation }: Pick<KeptCheckpoint, 'endpoint' | 'generation'>,
): Promise<KeptCheckpoint> {
  const checkpoint = await store.dump()
  const controls = await store.readControls()
  const said = controls === undefined || controls.revision === 0 ? {} : { controls }
  return { endpoint, generation, checkpoint, ...said }
}

/** Gives an emptied store what it had. What was said of the arms is put back unless something newer was said. */
export async function giveState(
  store: KeptStore,
  { checkpoint, controls }: KeptCheckpoint,
  over?: 'bare',
): Promise<RestoreResult> {
  const result = await store.restore(checkpoint, over)
  if (result !== 'restored' || controls === undefined) return result
  const now = await store.readControls()
  if (now !== undefined && now.revision < controls.revision) await store.writeControls(now.revision, controls)
  return result
}
