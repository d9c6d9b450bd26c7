import type { EndpointStore } from '../../bandit/index.ts'
import { loadConfig, loadEnvironment } from '../../gateway/load-config.ts'
import { StartFault } from '../../gateway/start-fault.ts'
import { openStates } from '../../gateway/wiring/open-states.ts'

export interface StateOptions {
  readonly config: string
  readonly endpoint?: string
  readonly store?: string
}

type Print = (line: string) => void

const origins = {
  unsettled: 'with nothing known before it',
  bare: 'bare, as nothing was given back',
  restored: 'with what was given back',
  forgotten: 'anew, as was said',
}

/** One line an endpoint: when its data began and with what, and how much is in it. */
export async function showStates(options: StateOptions, print: Print): Promise<void> {
  await eachState(options, async (name, store) => {
    const { born, origin } = await store.descend()
    const arms = [...((await store.readState())?.arms.values() ?? [])]
    const rewarded = arms.reduce((total, { totals }) => total + totals.rewarded, 0)
    const began = new Date(born / 1000).toISOString()
    print(
      `${name}: began ${began} ${origins[origin]}; ${rewarded} rewarded predictions of ${arms.length} arms`,
    )
  })
}

/** Gateways that keep what an emptied store had let go of it within a second. */
export async function forgetStates(options: StateOptions, print: Print): Promise<void> {
  await eachState(options, async (name, store) => {
    const { origin } = await store.descend('forgotten')
    print(
      origin === 'forgotten'
        ? `${name}: what the store has is all there is`
        : `${name}: nothing to forget, its data began ${origins[origin]}`,
    )
  })
}

async function eachState(
  { config: file, endpoint, store }: StateOptions,
  act: (name: string, store: EndpointStore) => Promise<void>,
): Promise<void> {
  const config = await loadConfig(file)
  const named = config.endpoints.filter(({ name }) => endpoint === undefined || name === endpoint)
  if (named.length === 0) throw new StartFault(`the configuration has no endpoint ${endpoint}`)
  const changed = { ...config, ...(store !== undefined && { store }), endpoints: named }
  await using states = await openStates(changed, loadEnvironment())
  for (const [name, each] of states.endpoints) await act(name, each)
}
