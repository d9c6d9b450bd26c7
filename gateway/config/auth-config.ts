import type { Scope } from '../security/scopes.ts'

/** Who may do what. */
export interface AuthConfig {
  readonly keys: readonly KeyConfig[]
}

export interface KeyConfig {
  readonly name: string
  /** Of the key's text, 64 hex digits. */
  readonly sha256: string
  readonly scopes: readonly Scope[]
  /** Absent = every endpoint. */
  readonly endpoints?: readonly string[] | undefined
}
