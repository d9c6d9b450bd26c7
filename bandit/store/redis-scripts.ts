import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

/** How many keys each script takes; the names are the files' in lua/. */
export const scriptKeys = {
  'apply-reward': 9,
  'close-bucket': 9,
  identify: 1,
  'keep-first': 1,
  'prune-epochs': 2,
  'read-state': 7,
  'record-pulls': 5,
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

/** Teaches the client the scripts: sent by digest, and in full to a server that does not know them (any more). */
export function loadScripts(redis: Redis): RunScript {
  const numbers = readLua('numbers')
  for (const [name, numberOfKeys] of Object.entries(scriptKeys)) {
    redis.defineCommand(name, { numberOfKeys, lua: `${numbers}\n${readLua(name)}` })
  }
  const scripted = redis as unknown as Scripted
  return (name, keys, args) => scripted[name]!(...keys, ...args)
}

function readLua(name: string): string {
  return readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8')
}
