import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Asked, Command } from './sqlite-writer.ts'

/** A process that has the file open, until it is killed. */
export interface Writer {
  /** Resolves with what was answered; `lost` where the process died before. */
  ask(now: number, command: Command): Promise<string>
  kill(): void
  isAlive(): boolean
  end(): Promise<void>
}

const script = fileURLToPath(new URL('sqlite-writer.ts', import.meta.url))

async function startWriter(path: string, cache: string): Promise<Writer> {
  const child: ChildProcess = fork(script, [path], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  })
  const asked = new Map<number, (status: string) => void>()
  const ended = once(child, 'exit')
  const ready = Promise.withResolvers<string>()
  asked.set(0, ready.resolve)
  let newest = 0
  let alive = true
  child.on('message', ({ id, status }: Answer) => {
    asked.get(id)?.(status)
    asked.delete(id)
  })
  child.once('exit', () => {
    alive = false
    for (const lost of asked.values()) lost('lost')
  })
  if ((await ready.promise) !== 'ready') throw new Error('a writer ended before it could write')
  return {
    ask(now, command) {
      if (!alive || !child.connected) return Promise.resolve('lost')
      const { promise, resolve } = Promise.withResolvers<string>()
      newest += 1
      asked.set(newest, resolve)
      // Who dies in this moment takes nothing any more, and the end of the process says so.
      child.send({ id: newest, now, command } satisfies Asked, () => undefined)
      return promise
    },
    kill: () => void child.kill('SIGKILL'),
    isAlive: () => alive,
    async end() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Two processes on one file, and one that takes the place of the next to be killed. */
export interface Crew {
  /** One that lives. */
  writer(index: number): Promise<Writer>
  /** How many were killed. */
  killed(): number
  close(): Promise<void>
}

/** @param cache folder of what Node has compiled, so that the next process is there sooner */
export async function openCrew(path: string, cache: string): Promise<Crew> {
  const start = () => startWriter(path, cache)
  const writers = [await start(), await start()]
  let spare = start()
  let killed = 0
  return {
    async writer(index) {
      const current = writers[index]!
      if (current.isAlive()) return current
      const next = await spare
      // Somebody else may have waited for the same.
      if (writers[index]!.isAlive()) return writers[index]!
      killed += 1
      writers[index] = next
      spare = start()
      return next
    },
    killed: () => killed,
    async close() {
      for (const writer of [...writers, await spare]) await writer.end()
    },
  }
}
