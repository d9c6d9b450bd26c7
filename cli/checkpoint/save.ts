import { rewardedIn } from '../../bandit/index.ts'
import { type CheckpointOptions, eachState, openFolder, type Print } from './each-state.ts'

/** A checkpoint of each endpoint as it is now, in the folder of those that gateways write. */
export async function saveStates(options: CheckpointOptions, print: Print): Promise<void> {
  await eachState(options, async ({ name, generation, store }, config) => {
    const checkpoint = await store.dump()
    const bytes = await openFolder(config, options, print).save({ endpoint: name, generation, checkpoint })
    print(`${name}: ${rewardedIn(checkpoint)} rewarded predictions saved, ${bytes} bytes`)
  })
}
