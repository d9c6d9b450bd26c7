import { resolve } from 'node:path'
import { contextualPolicyNames, policyNames, type PolicyName } from '../bandit/index.ts'
import {
  journalBytes,
  journalKeepMs,
  type Config,
  type JournalConfig,
  type LogLevel,
} from './config/config.ts'
import { StartFault } from './start-fault.ts'

/** What one start wants otherwise than the file says, as it comes from the command line. */
export interface Overrides {
  /** host:port */
  readonly listen?: string
  /** A file of keys, from the current folder; or off, and everybody may do everything. */
  readonly auth?: string
  /** Address of a store; a path starts from the current folder. */
  readonly store?: string
  /** A file, from the current folder; or off. */
  readonly journal?: string
  /** For every endpoint. */
  readonly policy?: string
  readonly logLevel?: LogLevel
}

export function applyOverrides({ journal, ...config }: Config, overrides: Overrides): Config {
  const { listen, auth, store, policy, logLevel } = overrides
  const kept = toJournal(journal, overrides.journal)
  return {
    ...config,
    ...(kept !== undefined && { journal: kept }),
    ...(listen !== undefined && { listen: toAddress(listen) }),
    ...(auth !== undefined && { auth: auth === 'off' ? auth : { keys: [], keysFile: resolve(auth) } }),
    ...(store !== undefined && { store }),
    ...(policy !== undefined && { endpoints: withPolicy(config, toPolicyName(policy)) }),
    ...(logLevel !== undefined && { log: { ...config.log, level: logLevel } }),
  }
}

/** A journal that the file has switched off has the size that it would have by itself. */
function toJournal(configured: JournalConfig | undefined, path?: string): JournalConfig | undefined {
  if (path === undefined) return configured
  return path === 'off'
    ? undefined
    : { maxBytes: journalBytes, keepMs: journalKeepMs, ...configured, path: resolve(path) }
}

function withPolicy({ endpoints }: Pick<Config, 'endpoints'>, name: PolicyName): Config['endpoints'] {
  const deaf = endpoints.find(({ context }) => context === undefined)
  if (deaf !== undefined && contextualPolicyNames.some((each) => each === name))
    throw new StartFault(`${name} chooses by context, and endpoint ${deaf.name} declares none`)
  return endpoints.map((endpoint) => ({ ...endpoint, policy: { ...endpoint.policy, name } }))
}

function toPolicyName(text: string): PolicyName {
  const name = policyNames.find((known) => known === text)
  if (name === undefined)
    throw new StartFault(`there is no policy "${text}": use one of ${policyNames.join(', ')}`)
  return name
}

function toAddress(text: string): Config['listen'] {
  const colon = text.lastIndexOf(':')
  return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(colon + 1)) }
}
