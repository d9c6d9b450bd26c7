import { type CheckpointOptions, eachState, origins, type Print } from './each-state.ts'

/** Gateways that keep what an emptied store had let go of it within a second. */
export async function forgetStates(options: CheckpointOptions, print: Print): Promise<void> {
  await eachState(options, async ({ name, store }) => {
    const { origin } = await store.descend('forgotten')
    print(
      origin === 'forgotten'
        ? `${name}: what the store has is all there is`
        : `${name}: nothing to forget, its data began ${origins[origin]}`,
    )
  })
}
