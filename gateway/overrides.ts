import { contextualPolicyNames, policyNames, type PolicyName } from '../bandit/index.ts'
import type { Config, LogLevel } from './config/config.ts'
import { StartFault } from './start-fault.ts'

/** What one start wants otherwise than the file says, as it comes from the command line. */
export interface Overrides {
  /** host:port */
  readonly listen?: string
  /** Address of a store; a path starts from the current folder. */
  readonly store?: string
  /** For every endpoint. */
  readonly policy?: string
  readonly logLevel?: LogLevel
}

export function applyOverrides(config: Config, { listen, store, policy, logLevel }: Overrides): Config {
  return {
    ...config,
    ...(listen !== undefined && { listen: toAddress(listen) }),
    ...(store !== undefined && { store }),
    ...(policy !== undefined && { endpoints: withPolicy(config, toPolicyName(policy)) }),
    ...(logLevel !== undefined && { log: { ...config.log, level: logLevel } }),
  }
}

function withPolicy({ endpoints }: Config, name: PolicyName): Config['endpoints'] {
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
