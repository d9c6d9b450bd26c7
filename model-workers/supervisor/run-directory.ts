import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { checkSocketPath } from '../listen.ts'

/** A new folder that none but this user can enter, named after the process that owns it. */
export function makeOwnDirectory(parent: string): Promise<string> {
  return mkdtemp(join(parent, `bandit-${process.pid}-`))
}

/** The same for sockets. */
export async function makeRunDirectory(parent: string): Promise<string> {
  // Before anything is made; the longest name that socketIn gives is far below this one.
  checkSocketPath(join(parent, `bandit-${process.pid}-XXXXXX`, '0000-0000.sock'))
  return makeOwnDirectory(parent)
}

/** The process that owns a folder of this name; undefined when it is not a run directory. */
export function ownerOf(directoryName: string): number | undefined {
  const pid = /^bandit-(\d{1,10})-[A-Za-z0-9]{6}$/.exec(directoryName)?.[1]
  return pid === undefined ? undefined : Number(pid)
}

/** Numbers, as a model's name may be longer than a socket's path. */
export function socketIn(directory: string, model: number, replica: number): string {
  return join(directory, `${model}-${replica}.sock`)
}

export function pidFileOf(socket: string): string {
  return socket.replace(/\.sock$/, '.pid')
}

export function socketOf(pidFile: string): string {
  return pidFile.replace(/\.pid$/, '.sock')
}
