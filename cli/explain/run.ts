import { createPredictionIds, type SigningKey } from '../../bandit/index.ts'
import { openStore } from '../../bandit/store/open-store.ts'
import { readTls } from '../../gateway/read-tls.ts'
import { withPassword } from '../../gateway/config/reading/addresses.ts'
import type { Config } from '../../gateway/config/config.ts'
import { findDecision } from '../../gateway/decision-log/find-decision.ts'
import { loadConfig, loadEnvironment } from '../../gateway/load-config.ts'
import { signingKeys } from '../../gateway/signing-keys.ts'
import { claimLines, decisionLines, type Explained } from './lines.ts'

export interface ExplainOptions {
  readonly config: string
  readonly log?: string
}

export interface ExplainOutput {
  readonly print: (line: string) => void
  readonly note: (line: string) => void
}

/** @throws Error when the id is not genuine, or the log has another decision under it than the id says */
export async function runExplain(
  predictionId: string,
  options: ExplainOptions,
  { print, note }: ExplainOutput,
): Promise<void> {
  const config = await loadConfig(options.config)
  const claims = createPredictionIds(await readKeys(config)).verify(predictionId)
  if (claims === undefined)
    throw new Error('this id was not sealed with any key of this configuration and its store')
  for (const line of claimLines(claims)) print(line)

  const dir = options.log ?? config.decisionLog?.dir
  if (dir === undefined) return print('decision log: none is configured; --log names a folder')
  const found = await findDecision(dir, claims.key, note)
  if (found === undefined) return print(`decision log: nothing of it in ${dir}`)
  const { lines, faults }: Explained = decisionLines(claims, found)
  for (const line of lines) print(line)
  if (faults.length > 0) throw new Error(`the decision does not add up: ${faults.join('; ')}`)
}

/** The store is only opened where the environment has no keys. */
async function readKeys(config: Config): Promise<readonly SigningKey[]> {
  const environment = loadEnvironment()
  if (environment.signingKeys.length > 0) return environment.signingKeys
  const store = openStore(withPassword(config.store, environment.redisPassword), {
    clock: Date.now,
    sentinelPassword: environment.sentinelPassword,
    tls: readTls('store_tls', config.storeTls),
  })
  try {
    return await signingKeys(environment, store)
  } finally {
    await store.close()
  }
}
