import type { Logger } from 'pino'
import { backoffMs } from './backoff.ts'
import type { ModelMetadata } from '../protocol/types.ts'
import { createQuarantineRule, provenMs } from './quarantine.ts'
import type { SpawnWorker, WorkerExit, WorkerProcess } from './spawn-worker.ts'
import type { Timers } from './timers.ts'

/** quarantined: it ended or hung too often, and is tried once a minute. */
export type ReplicaState = 'starting' | 'ready' | 'backoff' | 'quarantined' | 'stopping' | 'stopped'

/** One worker process as it is at this moment. */
export interface Replica {
  readonly model: string
  readonly index: number
  /** Path of the Unix socket that it answers on while ready; stays the same through restarts. */
  readonly socket: string
  readonly pid?: number
  readonly state: ReplicaState
  readonly restarts: number
  readonly lastExit?: WorkerExit
  /** Known once it has been ready. */
  readonly metadata?: ModelMetadata
}

export interface ReplicaDeps {
  readonly model: string
  readonly index: number
  readonly onnx: string
  readonly source?: string | undefined
  readonly version?: string | undefined
  readonly socket: string
  readonly spawn: SpawnWorker
  readonly timers: Timers
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly onChange: (replica: Replica) => void
  readonly startLimitMs: number
  readonly graceMs: number
}

/** Between two tries of a replica in quarantine. */
const quarantineMs = 60_000

/** Keeps one worker process running, from its first start until `stop`. */
export class ReplicaKeeper {
  readonly #deps: ReplicaDeps
  #replica: Replica
  #process: WorkerProcess | undefined
  #readyAt: number | undefined
  #attempt = 0
  #hung = false
  readonly #quarantineDue = createQuarantineRule()
  #cancelTimer: () => void = () => undefined
  readonly #stopped = Promise.withResolvers<void>()

  constructor(deps: ReplicaDeps) {
    const { model, index, socket } = deps
    this.#deps = deps
    this.#replica = { model, index, socket, state: 'starting', restarts: 0 }
  }

  get replica(): Replica {
    return this.#replica
  }

  start(): void {
    const { model, onnx, source, version, socket, spawn, timers, startLimitMs } = this.#deps
    this.#readyAt = undefined
    this.#hung = false
    this.#process = spawn(
      { model, onnx, source, version, socket },
      {
        onReady: ({ metadata }) => this.#becomeReady(metadata),
        onExit: (exit) => this.#handleExit(exit),
      },
    )
    const { pid } = this.#process
    this.#change({ state: 'starting', ...(pid === undefined ? {} : { pid }) })
    this.#cancelTimer = timers.after(startLimitMs, () => {
      this.#deps.logger.warn(
        { model, replica: this.#deps.index, workerPid: pid },
        `worker not ready after ${startLimitMs} ms: killing it`,
      )
      this.kill()
    })
  }

  /** At once, and it is started again. The only way to end a computation. */
  kill(): void {
    this.#process?.kill('SIGKILL')
  }

  /** As `kill`, of a process that does not return; a model that makes it hang again and again is left alone. */
  killHung(): void {
    this.#hung = true
    this.kill()
  }

  /** Resolves when the process has exited; it gets the grace to answer what it has. */
  stop(): Promise<void> {
    const { timers, graceMs } = this.#deps
    if (this.#replica.state === 'stopping' || this.#replica.state === 'stopped') return this.#stopped.promise
    this.#cancelTimer()
    if (this.#process === undefined) {
      this.#finish()
      return this.#stopped.promise
    }
    this.#change({ state: 'stopping' })
    this.#process.kill('SIGTERM')
    this.#cancelTimer = timers.after(graceMs, () => this.kill())
    return this.#stopped.promise
  }

  #becomeReady(metadata: ModelMetadata): void {
    if (this.#replica.state !== 'starting') return
    this.#cancelTimer()
    const { timers, logger, model, index } = this.#deps
    this.#readyAt = timers.now()
    logger.info({ model, replica: index, workerPid: this.#replica.pid }, 'worker ready')
    this.#change({ state: 'ready', metadata })
  }

  #handleExit(exit: WorkerExit): void {
    const { timers, random, logger, model, index } = this.#deps
    this.#cancelTimer()
    this.#process = undefined
    const { pid, ...rest } = this.#replica
    this.#replica = { ...rest, lastExit: exit }
    if (rest.state === 'stopping') {
      this.#finish()
      return
    }
    const upMs = this.#readyAt === undefined ? 0 : timers.now() - this.#readyAt
    const facts = { model, replica: index, workerPid: pid, ...exit }
    if (this.#quarantineDue({ now: timers.now(), upMs, hung: this.#hung })) {
      logger.warn(facts, 'worker exited too often: it is quarantined and tried once a minute')
      return this.#waitThenRestart('quarantined', quarantineMs)
    }
    // Its next restart is quick again.
    if (upMs >= provenMs) this.#attempt = 0
    const delayMs = backoffMs(this.#attempt++, random)
    logger.warn({ ...facts, delayMs: Math.round(delayMs) }, 'worker exited, will be restarted')
    this.#waitThenRestart('backoff', delayMs)
  }

  #waitThenRestart(state: 'backoff' | 'quarantined', delayMs: number): void {
    this.#change({ state })
    this.#cancelTimer = this.#deps.timers.after(delayMs, () => this.#restart())
  }

  #restart(): void {
    this.#replica = { ...this.#replica, restarts: this.#replica.restarts + 1 }
    this.start()
  }

  #finish(): void {
    this.#change({ state: 'stopped' })
    this.#stopped.resolve()
  }

  #change(change: Partial<Replica>): void {
    this.#replica = { ...this.#replica, ...change }
    this.#deps.onChange(this.#replica)
  }
}
