import type { TlsConfig } from './tls.ts'

interface TlsInput {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly server_name?: string | undefined
}

export function toTls(
  { ca, cert, key, server_name: serverName }: TlsInput,
  resolve: (file: string) => string,
): TlsConfig {
  const path = (file: string | undefined) => file && resolve(file)
  return { ca: path(ca), cert: path(cert), key: path(key), serverName }
}
