/** Absolute paths of PEM files. */
export interface TlsConfig {
  /** Who vouches for the server. */
  readonly ca?: string | undefined
  /** What the gateway shows of itself. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** Name that the server's certificate is made out for, where it is not that of the address. */
  readonly serverName?: string | undefined
}
