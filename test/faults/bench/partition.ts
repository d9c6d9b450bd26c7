import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { RedisBinary } from '../../support/find-redis.ts'

const run = promisify(execFile)

/** Another network, with one link to this one, that can be cut without either side being told. */
export interface Network {
  /** Addresses of this side and of the other. */
  readonly near: string
  readonly far: string
  /** The same program, run on the other side. */
  beyond(binary: RedisBinary): Promise<RedisBinary>
  cut(): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

/** Undefined where no network namespaces can be made: that takes Linux, root and the program `ip`. */
export async function openNetwork(): Promise<Network | undefined> {
  const name = `bandit-${process.pid}`
  const [here, there] = [`bn${process.pid}`, `bf${process.pid}`]
  const net = `10.213.${process.pid % 250}`
  const [near, far] = [`${net}.1`, `${net}.2`]
  await using begun = new AsyncDisposableStack()
  const made = await run('ip', ['netns', 'add', name]).then(
    () => true,
    () => false,
  )
  if (!made) return undefined
  begun.defer(async () => void (await run('ip', ['netns', 'del', name])))
  const ip = (...args: readonly string[]) => run('ip', args)
  const inside = (...args: readonly string[]) => run('ip', ['-n', name, ...args])
  const linked = await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name).then(
    () => true,
    () => false,
  )
  if (!linked) return undefined
  await ip('addr', 'add', `${near}/30`, 'dev', here)
  await ip('link', 'set', here, 'up')
  await inside('addr', 'add', `${far}/30`, 'dev', there)
  for (const device of [there, 'lo']) await inside('link', 'set', device, 'up')
  const folder = await mkdtemp(join(tmpdir(), 'bandit-network-'))
  begun.defer(() => rm(folder, { recursive: true, force: true }))
  const end = begun.move()
  return {
    near,
    far,
    async beyond({ command, env }) {
      const script = join(folder, 'beyond')
      await writeFile(script, `#!/bin/sh\nexec ip netns exec ${name} "${command}" "$@"\n`, { mode: 0o700 })
      return { command: script, env }
    },
    // The far end: addresses of this side stay what they are.
    cut: async () => void (await inside('link', 'set', there, 'down')),
    mend: async () => void (await inside('link', 'set', there, 'up')),
    close: () => end.disposeAsync(),
  }
}
