import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const readyWithinMs = 30_000
const stopWithinMs = 10_000

export interface ServerCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly isReady: () => Promise<boolean>
}

/** A process of its own, ended when it is disposed of. */
export const startServer = async ({ command, args, isReady }: ServerCommand): Promise<AsyncDisposable> => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const what = [command, ...args].join(' ')
  let log = ''
  const read = (chunk: string) => {
    log = (log + chunk).slice(-4_000)
  }
  child.stdout.setEncoding('utf8').on('data', read)
  child.stderr.setEncoding('utf8').on('data', read)
  let stopping = false
  let ended = false
  const end = new Promise<void>((resolve) => {
    child.once('error', (error) => read(error.message))
    child.once('close', (code, signal) => {
      // Whoever was sending to it only sees broken connections.
      if (!stopping) console.error(`${what} ended with ${signal ?? code}:\n${log}`)
      ended = true
      resolve()
    })
  })

  const stop = async (): Promise<void> => {
    stopping = true
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    await end
    clearTimeout(late)
  }
  const giveUpAt = performance.now() + readyWithinMs
  while (!(await isReady())) {
    if (ended || performance.now() > giveUpAt) {
      await stop()
      throw new Error(`${what} did not become ready:\n${log}`)
    }
    await sleep(20)
  }
  return { [Symbol.asyncDispose]: stop }
}
