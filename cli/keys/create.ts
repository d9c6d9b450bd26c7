import { randomInt } from 'node:crypto'
import { apiKeyHash, createApiKey } from '../../gateway/security/keys/api-key.ts'
import type { Scope } from '../../gateway/security/keys/scopes.ts'

export interface CreateOptions {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly endpoints?: readonly string[]
  readonly tenant?: string
}

/** A new key, and what to write of it into the configuration. */
export const createKey = ({
  name,
  scopes,
  endpoints,
  tenant,
}: CreateOptions): { key: string; lines: string[] } => {
  const key = createApiKey(randomInt)
  const bound = endpoints === undefined ? '' : `, endpoints: ${JSON.stringify(endpoints)}`
  const whose = tenant === undefined ? '' : `, tenant: ${JSON.stringify(tenant)}`
  return {
    key,
    lines: [
      'The key is kept nowhere: give it to whoever it is for. The gateway is given its hash:',
      '',
      'auth:',
      '  keys:',
      `    - { name: ${JSON.stringify(name)}, scopes: [${scopes.join(', ')}]${bound}${whose}, sha256: ${apiKeyHash(key)} }`,
    ],
  }
}
