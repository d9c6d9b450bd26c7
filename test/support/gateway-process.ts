import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { waitUntil } from './wait-until.ts'

const ownMain = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))

export interface LogLine {
  readonly level: string
  readonly time: string
  readonly msg: string
  readonly origin?: string
  readonly model?: string
  readonly workerPid?: number
}

/** One `bandit serve`, seen from outside: its log, its processes and how it ended. */
export interface GatewayRun {
  readonly pid: number
  /** Resolves with its origin once it serves; rejects with what it wrote when it ends before that. */
  ready(): Promise<string>
  log(): readonly LogLine[]
  /** Standard error, with what its workers write there. */
  stderr(): string
  /** The newest worker of a model that has become ready; undefined before the first. */
  workerOf(model: string): number | undefined
  workers(): readonly number[]
  kill(signal: NodeJS.Signals): void
  /** What Ctrl-C on a terminal does: SIGINT to the gateway and its workers alike. */
  interrupt(): void
  /** Resolves with the exit code or the signal when the gateway itself has ended; its workers may still run. */
  readonly exited: Promise<number | NodeJS.Signals>
  /** Resolves when nobody is left who could write to its output. */
  readonly closed: Promise<void>
  /** Kills it and its workers, and resolves when all are gone. */
  end(): Promise<void>
}

export interface GatewayRunOptions {
  readonly config: string
  readonly store?: string
  /** Where it makes the folder with its workers' sockets. */
  readonly tmp: string
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** The command line to run, in place of the one of this checkout. */
  readonly main?: string
}

/** Starts a gateway on a free port. Whoever starts it ends it. */
export const startGateway = ({
  config,
  store,
  tmp,
  env = {},
  args = [],
  main = ownMain,
}: GatewayRunOptions): GatewayRun => {
  const options = [`--config=${config}`, '--listen=127.0.0.1:0', '--log-level=info']
  const chosen = store === undefined ? options : [...options, `--store=${store}`]
  const child = spawn(process.execPath, [main, 'serve', ...chosen, ...args], {
    env: { ...process.env, BANDIT_SIGNING_KEYS: '', ...env, TMPDIR: tmp },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Leads a process group, as it does under a shell.
    detached: true,
  })
  const written = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text))
  const exited = once(child, 'exit').then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals)
  const closed = once(child, 'close').then(() => undefined)

  const log = () => parseLines(written.out)
  const started = () =>
    log().filter(({ msg, workerPid }) => msg === 'worker ready' && workerPid !== undefined)
  const workers = () => started().map(({ workerPid }) => workerPid!)
  const end = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
    for (const pid of workers()) killIfAlive(pid)
    await closed
  }

  return {
    pid: child.pid!,
    log,
    workers,
    stderr: () => written.err,
    workerOf: (model) => started().findLast((line) => line.model === model)?.workerPid,
    kill: (signal) => void child.kill(signal),
    interrupt: () => void process.kill(-child.pid!, 'SIGINT'),
    exited,
    closed,
    end,
    async ready() {
      const origin = await waitUntil(
        () => child.exitCode ?? child.signalCode ?? log().find(({ msg }) => msg === 'ready')?.origin,
        { what: 'the gateway is ready', timeoutMs: 30_000 },
      )
      if (typeof origin === 'string' && origin.startsWith('http')) return origin
      throw new Error(`the gateway ended with ${origin}:\n${written.out}${written.err}`)
    },
  }
}

/** A stopped worker cannot notice that its gateway is gone. */
const killIfAlive = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself, as it should.
  }
}

/** Only whole lines; the last one may still be on its way. */
const parseLines = (text: string): LogLine[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as LogLine)
