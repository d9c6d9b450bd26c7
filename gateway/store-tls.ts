import { readFileSync } from 'node:fs'
import type { StoreTlsConfig } from './config/config.ts'
import { StartFault } from './start-fault.ts'

/** What the store's connection is secured with, as text. */
export interface StoreTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
}

/** @throws StartFault that names the setting of a file which cannot be read */
export function readStoreTls(config: StoreTlsConfig | undefined): StoreTls | undefined {
  if (config === undefined) return undefined
  const { ca, cert, key, serverName: servername } = config
  return {
    ...(ca !== undefined && { ca: read('ca', ca) }),
    ...(cert !== undefined && { cert: read('cert', cert) }),
    ...(key !== undefined && { key: read('key', key) }),
    ...(servername !== undefined && { servername }),
  }
}

function read(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new StartFault(`cannot read store_tls.${setting}: ${(error as Error).message}`, { cause: error })
  }
}
