import { resolve } from 'node:path'
import { type CheckpointFolder, openCheckpointFolder } from '../../bandit/index.ts'
import { checkpointFolder } from '../../gateway/checkpoints/checkpoint-folder.ts'
import type { Config } from '../../gateway/config/config.ts'
import { loadConfig, loadEnvironment } from '../../gateway/load-config.ts'
import { StartFault } from '../../gateway/start-fault.ts'
import { openStates, type State } from '../../gateway/wiring/open-states.ts'

export interface CheckpointOptions {
  readonly config: string
  readonly endpoint?: string
  readonly store?: string
  /** Of checkpoints, from the current folder. */
  readonly folder?: string
}

export type Print = (line: string) => void

/** What a store's data began with, as people say it. */
export const origins = {
  unsettled: 'with nothing known before it',
  bare: 'bare, as nothing was given back',
  restored: 'with what was given back',
  forgotten: 'anew, as was said',
} as const

export async function eachState(
  { config: file, endpoint, store }: CheckpointOptions,
  act: (state: State, config: Config) => Promise<void>,
): Promise<void> {
  const config = await loadConfig(file)
  const named = config.endpoints.filter(({ name }) => endpoint === undefined || name === endpoint)
  if (named.length === 0) throw new StartFault(`the configuration has no endpoint ${endpoint}`)
  const changed = { ...config, ...(store !== undefined && { store }), endpoints: named }
  await using states = await openStates(changed, loadEnvironment())
  for (const state of states.endpoints) await act(state, config)
}

/** Where gateways of that configuration put them, unless it is said. */
export function openFolder(config: Config, { folder }: CheckpointOptions, print: Print): CheckpointFolder {
  const path = folder === undefined ? checkpointFolder(config) : resolve(folder)
  if (path === undefined)
    throw new StartFault('the configuration has no place for checkpoints: name one with --folder')
  return openCheckpointFolder({
    path,
    keep: config.checkpoint?.keep ?? 5,
    faulty: (name) => print(`${name} is not whole: passed over`),
  })
}
