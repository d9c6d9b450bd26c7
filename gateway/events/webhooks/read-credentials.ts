import { readFileSync } from 'node:fs'
import type { WebhookConfig } from '../../config/config.ts'
import { StartFault } from '../../start-fault.ts'
import { parseSecret } from './signature.ts'

export interface Credentials {
  /** All of them sign. */
  readonly keys: readonly Buffer[]
  readonly headers: Readonly<Record<string, string>>
}

const mend =
  'expected whsec_ and 24 to 64 bytes in base64, such as `echo whsec_$(openssl rand -base64 32)` writes'

/**
 * What the configuration only names: the secrets, of which there may be several with spaces between them, and headers.
 *
 * @throws StartFault with everything that is missing, and nothing of what is there
 */
export function readCredentials(
  webhooks: readonly WebhookConfig[],
  variable: (name: string) => string | undefined,
): Map<string, Credentials> {
  const faults: string[] = []
  const read = webhooks.map(({ name, secret, headers }): [string, Credentials] => {
    const where = 'file' in secret ? secret.file : secret.variable
    const text = 'file' in secret ? readText(secret.file) : variable(secret.variable)
    const keys = text?.trim().split(/\s+/).map(parseSecret) ?? []
    if (text === undefined) faults.push(`webhook ${name}: there is nothing at ${where}: ${mend}`)
    else if (keys.includes(undefined)) faults.push(`webhook ${name}: no secret at ${where}: ${mend}`)
    const values = Object.entries(headers).map(([header, from]) => {
      const value = variable(from)
      if (value === undefined)
        faults.push(`webhook ${name}: set ${from}, which its header ${header} is taken from`)
      else if (!/^[\x20-\x7e]*$/.test(value)) faults.push(`webhook ${name}: ${from} cannot stand in a header`)
      return [header, value ?? '']
    })
    return [name, { keys: keys.filter((key) => key !== undefined), headers: Object.fromEntries(values) }]
  })
  if (faults.length > 0) throw new StartFault(['webhooks cannot be sent', ...faults].join('\n'))
  return new Map(read)
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
