import { rewardedIn, takeState } from '../../bandit/index.ts'
import { type CheckpointOptions, eachState, openFolder, type Print } from './each-state.ts'

/** A checkpoint of each endpoint as it is now, in the folder of those that gateways write. */
export async function saveStates(options: CheckpointOptions, print: Print): Promise<void> {
  await eachState(options, async ({ name, generation, store }, config) => {
    const kept = await takeState(store, { endpoint: name, generation })
    const bytes = await openFolder(config, options, print).save(kept)
    print(`${name}: ${rewardedIn(kept.checkpoint)} rewarded predictions saved, ${bytes} bytes`)
  })
}
