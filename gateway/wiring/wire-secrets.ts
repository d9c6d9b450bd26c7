import type { Logger } from 'pino'
import type { PredictionIds, SigningKey, Store } from '../../bandit/index.ts'
import { runInBackground } from '../background.ts'
import type { Environment } from '../config/reading/environment.ts'
import { createSecretKeeper } from '../secret-keeper.ts'

export interface SecretsDeps {
  readonly environment: Pick<Environment, 'signingKeys'>
  readonly store: Pick<Store, 'shareSecrets'>
  /** That signs. */
  readonly key: SigningKey
  readonly ids: Pick<PredictionIds, 'accept'>
  readonly logger: Pick<Logger, 'warn'>
  /** Ends what is begun here. */
  readonly begun: AsyncDisposableStack
}

const shareEveryMs = 1000

/** Shares the secret with the other gateways. Keys that were given are the same everywhere, whatever becomes of the store. */
export function wireSecrets({ environment, store, key, ids, logger, begun }: SecretsDeps): void {
  if (environment.signingKeys.length > 0) return
  const accepted = () => logger.warn('another gateway has made a secret of its own: both are accepted')
  const keeper = runInBackground(createSecretKeeper({ store, key, ids, accepted }), shareEveryMs)
  begun.defer(() => keeper.stop())
}
