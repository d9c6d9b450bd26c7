import { readFileSync } from 'node:fs'
import type { TlsConfig } from './config/store/tls.ts'
import { StartFault } from './start-fault.ts'

/** What a connection is secured with, as text. */
export interface Tls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
}

/** @throws StartFault that names the setting of a file which cannot be read */
export function readTls(where: string, config: TlsConfig | undefined): Tls | undefined {
  if (config === undefined) return undefined
  const { ca, cert, key, serverName: servername } = config
  return {
    ...(ca !== undefined && { ca: read(`${where}.ca`, ca) }),
    ...(cert !== undefined && { cert: read(`${where}.cert`, cert) }),
    ...(key !== undefined && { key: read(`${where}.key`, key) }),
    ...(servername !== undefined && { servername }),
  }
}

function read(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new StartFault(`cannot read ${setting}: ${(error as Error).message}`, { cause: error })
  }
}
