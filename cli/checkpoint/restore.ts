import { readFile } from 'node:fs/promises'
import { giveState, type KeptCheckpoint, parseCheckpointText, rewardedIn } from '../../bandit/index.ts'
import { StartFault } from '../../gateway/start-fault.ts'
import { type CheckpointOptions, eachState, openFolder, origins, type Print } from './each-state.ts'

/** Also where it was said by gateways that nothing was given back; running ones adopt it within a second. */
export async function restoreStates(
  options: CheckpointOptions & { readonly file?: string },
  print: Print,
): Promise<void> {
  const said = options.file === undefined ? undefined : await readCheckpoint(options.file)
  const endpoint = said?.endpoint ?? options.endpoint
  await eachState(
    { ...options, ...(endpoint !== undefined && { endpoint }) },
    async ({ name, generation, store }, config) => {
      const { born, origin } = await store.descend()
      if (said !== undefined && said.generation !== generation)
        throw new StartFault(
          `${options.file} is of another definition of ${name}: its sums mean something else now`,
        )
      const kept = said ?? (await openFolder(config, options, print).newest(name, generation, born))
      if (kept === undefined) return print(`${name}: no checkpoint from before the store was emptied`)
      const result = await giveState(store, kept, 'bare')
      const at = new Date(kept.checkpoint.at / 1000).toISOString()
      print(
        result === 'restored'
          ? `${name}: ${rewardedIn(kept.checkpoint)} rewarded predictions of ${at} given back`
          : `${name}: nothing given back, ${result === 'older' ? 'the store had its data before that checkpoint' : `its data began ${origins[origin]}`}`,
      )
    },
  )
}

async function readCheckpoint(path: string): Promise<KeptCheckpoint> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StartFault(`cannot read ${path}`, { cause })
  })
  const kept = parseCheckpointText(text)
  if (kept === undefined) throw new StartFault(`${path} is no whole checkpoint: try an older one`)
  return kept
}
