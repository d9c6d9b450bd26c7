import type { Logger } from 'pino'
import { runInBackground } from '../background.ts'
import type { Config } from '../config/config.ts'
import { openAccess, type Access } from '../security/access.ts'

export interface WireAccessDeps {
  readonly config: Pick<Config, 'auth' | 'endpoints' | 'outbound'>
  readonly logger: Logger
  readonly clock: () => number
  readonly monotonic: () => number
  /** Ended with the gateway. */
  readonly begun: AsyncDisposableStack
}

/** A key that was taken out of its file is refused as soon as this. */
const lookAtKeysEveryMs = 2000

/** Who may do what; undefined where everybody may do everything. */
export async function wireAccess(deps: WireAccessDeps): Promise<Access | undefined> {
  const { config, begun, ...shared } = deps
  if (typeof config.auth !== 'object') return undefined
  const endpoints = config.endpoints.map(({ name }) => name)
  const access = await openAccess({ config: config.auth, endpoints, outbound: config.outbound, ...shared })
  const watch = runInBackground(() => access.look(), lookAtKeysEveryMs)
  begun.defer(async () => {
    await watch.stop()
    await access.close()
  })
  return access
}
