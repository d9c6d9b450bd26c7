import { randomBytes } from 'node:crypto'
import { StoreUnavailable, StoreUnfit, type SigningKey, type Store } from '../bandit/index.ts'
import type { KeptSecret } from './checkpoints/kept-secret.ts'
import type { Environment } from './config/reading/environment.ts'
import { StartFault } from './start-fault.ts'

/**
 * Gateways on one store share its secret, unless they were all given their keys. One that was kept on disk is what an
 * emptied store gets, so that what it signed is not forged, and what a gateway begins with while the store is away.
 */
export async function signingKeys(
  { signingKeys: given }: Environment,
  store: Store,
  kept?: KeptSecret,
): Promise<readonly SigningKey[]> {
  await refuseUnfit(store)
  if (given.length > 0) return given
  const known = await kept?.read()
  try {
    const secret = await store.signingSecret(known ?? randomBytes(32).toString('base64url'))
    // A folder that takes nothing says so with the first checkpoint.
    if (secret !== known) await kept?.write(secret).catch(() => undefined)
    return [{ id: 0, secret }]
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    if (known !== undefined) return [{ id: 0, secret: known }]
    throw new StartFault(
      `${error.message}; without it there is no secret to sign prediction ids with: start the store, or set BANDIT_SIGNING_KEYS to begin without it`,
      { cause: error },
    )
  }
}

/** A store that is away may be waited for; one that drops what it keeps, or is too old, may not. */
async function refuseUnfit(store: Store): Promise<void> {
  await store.ping().catch((error: unknown) => {
    if (!(error instanceof StoreUnavailable)) throw error
    if (error instanceof StoreUnfit) throw new StartFault(error.message, { cause: error })
  })
}
