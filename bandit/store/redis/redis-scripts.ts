import { readFileSync } from 'node:fs'
import type { RedisClient } from './redis-client.ts'

/** How many keys each script takes, some of them more; the names are the files' in lua/. */
export const scriptKeys = {
  'apply-reward': 11,
  'close-bucket': 10,
  descend: 2,
  'dump-state': 11,
  'forget-marks': 2,
  identify: 2,
  'keep-first': 1,
  'prune-epochs': 2,
  'read-state': 8,
  'record-pulls': 8,
  'restore-state': 11,
  'share-secrets': 1,
  'tell-time': 1,
  'write-controls': 1,
} as const

export type ScriptName = keyof typeof scriptKeys

/** Runs a script; numbers travel as text, which keeps every digit. */
export type RunScript = (
  name: ScriptName,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>

type Scripted = Readonly<Record<string, (...args: readonly (string | number)[]) => Promise<unknown>>>

const takesMore: ReadonlySet<ScriptName> = new Set(['dump-state', 'forget-marks', 'restore-state'])

/** What a proxy or an access list says that allows EVAL alone. */
const refusesDigests = /evalsha|script\|load/i

/**
 * Teaches the client the scripts: sent by digest, and in full to a server that does not know them (any more) or takes
 * no digests.
 */
export function loadScripts(redis: RedisClient): RunScript {
  const numbers = readLua('numbers')
  const sources = new Map<ScriptName, string>()
  for (const [name, numberOfKeys] of Object.entries(scriptKeys) as [ScriptName, number][]) {
    const lua = `${numbers}\n${readLua(name)}`
    sources.set(name, lua)
    redis.defineCommand(name, takesMore.has(name) ? { lua } : { numberOfKeys, lua })
  }
  const scripted = redis as unknown as Scripted
  let inFull = false
  const sendInFull: RunScript = (name, keys, args) =>
    redis.eval(sources.get(name)!, keys.length, ...keys, ...args)

  return async (name, keys, args) => {
    if (inFull) return sendInFull(name, keys, args)
    try {
      return takesMore.has(name)
        ? await scripted[name]!(keys.length, ...keys, ...args)
        : await scripted[name]!(...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error) || !isRefusal(error)) throw error
      inFull = true
      return sendInFull(name, keys, args)
    }
  }
}

/** Refused before it was run, so that it can be sent again. */
function isRefusal({ name, message }: Error): boolean {
  return (
    name === 'ReplyError' && /^(NOPERM|ERR unknown command)/.test(message) && refusesDigests.test(message)
  )
}

function readLua(name: string): string {
  return readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8')
}
