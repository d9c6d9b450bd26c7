import type { AuthConfig } from './auth-config.ts'
import type { AuthInput } from './auth-schema.ts'

export function toAuth({ off, keys }: AuthInput): AuthConfig | 'off' {
  return off === true ? 'off' : { keys }
}
