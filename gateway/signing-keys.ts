import { randomBytes } from 'node:crypto'
import { StoreUnavailable, StoreUnfit, type SigningKey, type Store } from '../bandit/index.ts'
import type { Environment } from './config/environment.ts'
import { StartFault } from './start-fault.ts'

/** Gateways on one store share its secret, unless they were all given their keys. */
export async function signingKeys(
  { signingKeys: given }: Environment,
  store: Store,
): Promise<readonly SigningKey[]> {
  await refuseUnfit(store)
  if (given.length > 0) return given
  try {
    return [{ id: 0, secret: await store.signingSecret(randomBytes(32).toString('base64url')) }]
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
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
