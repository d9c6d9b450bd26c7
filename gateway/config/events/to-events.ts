import { resolve } from 'node:path'
import { eventLevels, type EventKind } from '../../events/event.ts'
import type { EventsConfig } from '../config.ts'
import type { EventsInput } from './events-schema.ts'

export function toEvents({ source, webhooks }: EventsInput, folder: string): EventsConfig {
  return {
    source,
    webhooks: webhooks.map(({ name, url, secret_env, secret_file, kinds, timeout, headers_env }) => ({
      name: name ?? new URL(url).host,
      url,
      secret: secret_env === undefined ? { file: resolve(folder, secret_file!) } : { variable: secret_env },
      kinds: (kinds === 'all' ? Object.keys(eventLevels) : kinds) as EventKind[],
      timeoutMs: timeout,
      headers: headers_env,
    })),
  }
}
