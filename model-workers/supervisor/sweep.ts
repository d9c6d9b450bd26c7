import { lstat, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { ownerOf, socketOf } from './run-directory.ts'

/** This process; `startedAt` in ms since 1970. */
interface Self {
  readonly pid: number
  readonly startedAt: number
}

/**
 * Removes what supervisors that were killed left in `parent`: their run directories and the workers that live on,
 * because a computation without end keeps them from noticing.
 */
export async function sweepRunDirectories(
  parent: string,
  logger: Pick<Logger, 'warn'>,
  self: Self = { pid: process.pid, startedAt: performance.timeOrigin },
): Promise<void> {
  for (const entry of await readdir(parent)) {
    const owner = ownerOf(entry)
    const directory = join(parent, entry)
    if (owner === undefined || !(await isLeftover(directory, owner, self))) continue
    // Another gateway that starts just now may be faster: what is gone already is not missed.
    for (const file of await readdir(directory).catch(() => [])) {
      if (file.endsWith('.pid')) await killWorker(join(directory, file), logger)
    }
    await rm(directory, { recursive: true, force: true })
    logger.warn({ directory, owner }, 'removed what a dead supervisor left')
  }
}

async function isLeftover(directory: string, owner: number, self: Self): Promise<boolean> {
  const found = await lstat(directory).catch(() => undefined)
  // In a shared folder anybody can make an entry of that name.
  if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) return false
  // A container's first process has the same pid in every life.
  return owner === self.pid ? found.ctimeMs < self.startedAt : !isAlive(owner)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** The pid may be another process's by now: only one with the socket in its command line is the worker. */
async function killWorker(pidFile: string, logger: Pick<Logger, 'warn'>): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''))
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  if (!commandLine.split('\0').includes(socketOf(pidFile))) return
  logger.warn({ workerPid: pid }, 'killing a worker that outlived its supervisor')
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (isAlive(pid)) throw error
  }
}
