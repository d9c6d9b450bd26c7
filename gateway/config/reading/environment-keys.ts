import { StartFault } from '../../start-fault.ts'
import type { Config } from '../config.ts'
import { formatFault } from '../parse-config.ts'
import { parseKeys } from '../access/parse-keys.ts'

const variable = 'BANDIT_API_KEYS'

/** What has the look of a key itself: it must not be repeated, not even to say that it is in the wrong place. */
const keyItself = /bandit_[0-9A-Za-z]{20,}/

/**
 * The configuration with the keys of the environment beside its own: a list as under `auth.keys`, in YAML or JSON.
 *
 * @throws StartFault with every fault of the list at once
 */
export function withEnvironmentKeys<C extends Pick<Config, 'auth' | 'endpoints'>>(
  config: C,
  text: string | undefined,
): C {
  if (text === undefined) return config
  const { auth, endpoints } = config
  if (auth === 'off')
    throw new StartFault(`${variable} says who may do what, and auth: off that everybody may: take one out`)
  if (keyItself.test(text))
    throw new StartFault(
      `${variable} has a key itself in it: put there what "bandit keys create" prints for the configuration`,
    )
  const result = parseKeys(
    text,
    variable,
    endpoints.map(({ name }) => name),
  )
  const faults = 'faults' in result ? result.faults.map(formatFault) : []
  const keys = 'keys' in result ? result.keys : []
  for (const { name } of keys) {
    if (auth?.keys.some((key) => key.name === name))
      faults.push(`${variable}: the configuration has a key ${name} too: give each its own name`)
  }
  if ('keys' in result && keys.length === 0) faults.push(`${variable}: there is no key in it: add one`)
  if (faults.length > 0) throw new StartFault(['the keys are not valid', ...faults].join('\n'))
  return { ...config, auth: { ...auth, keys: [...(auth?.keys ?? []), ...keys] } }
}
