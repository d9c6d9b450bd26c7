import { StoreUnavailable, type PredictionIds, type SigningKey, type Store } from '../bandit/index.ts'

export interface SecretKeeperDeps {
  readonly store: Pick<Store, 'shareSecrets'>
  /** The key that came from the store. */
  readonly key: SigningKey
  readonly ids: Pick<PredictionIds, 'accept'>
  /** Told of each secret of other gateways that is accepted from now on. */
  readonly accepted: () => void
}

/**
 * One turn of keeping the secret that gateways share through their store. A store that was emptied gets it back, and
 * where a gateway that started meanwhile has made another, both are known to everybody: what either signed is verified
 * by all. Rejects with no StoreUnavailable: a store that is away has nothing to say.
 */
export function createSecretKeeper({ store, key, ids, accepted }: SecretKeeperDeps): () => Promise<void> {
  const known = new Set([key.secret])
  return async function keep() {
    try {
      for (const secret of await store.shareSecrets([...known])) {
        if (known.has(secret)) continue
        known.add(secret)
        ids.accept({ id: key.id, secret })
        accepted()
      }
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }
}
