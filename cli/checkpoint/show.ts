import { rewardedIn } from '../../bandit/index.ts'
import { checkpointFolder } from '../../gateway/checkpoints/checkpoint-folder.ts'
import { type CheckpointOptions, eachState, openFolder, origins, type Print } from './each-state.ts'

/** One line an endpoint: when its data began and with what, and how much is in it; and one for its newest checkpoint. */
export async function showStates(options: CheckpointOptions, print: Print): Promise<void> {
  await eachState(options, async ({ name, generation, store }, config) => {
    const { born, origin } = await store.descend()
    const arms = [...((await store.readState())?.arms.values() ?? [])]
    const rewarded = arms.reduce((total, { totals }) => total + totals.rewarded, 0)
    const began = new Date(born / 1000).toISOString()
    print(
      `${name}: began ${began} ${origins[origin]}; ${rewarded} rewarded predictions of ${arms.length} arms`,
    )
    if (options.folder === undefined && checkpointFolder(config) === undefined) return
    const folder = openFolder(config, options, print)
    const kept = await folder.newest(name, generation)
    if (kept === undefined) return print(`${name}: no checkpoint`)
    const files = await folder.list(name, generation)
    const at = new Date(kept.checkpoint.at / 1000).toISOString()
    print(
      `${name}: newest checkpoint of ${at} with ${rewardedIn(kept.checkpoint)} rewarded predictions, one of ${files.length}`,
    )
  })
}
