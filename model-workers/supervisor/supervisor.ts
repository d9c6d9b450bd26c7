import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { Logger } from 'pino'
import { type Replica, ReplicaKeeper } from './replica.ts'
import { makeRunDirectory, socketIn } from './run-directory.ts'
import { createSpawnWorker, type SpawnWorker } from './spawn-worker.ts'
import { sweepRunDirectories } from './sweep.ts'
import { systemTimers, type Timers } from './timers.ts'

export type { Replica } from './replica.ts'

export interface SupervisedModel {
  readonly name: string
  /** Absolute path of the ONNX file. */
  readonly onnx: string
  /** What the file is called in faults, where it is a copy of that one. */
  readonly source?: string | undefined
  /** What its workers say that they serve; '1' when absent. */
  readonly version?: string | undefined
  readonly replicas: number
}

export interface SupervisorDeps {
  readonly models: readonly SupervisedModel[]
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** Called with every change of state, before anything that follows from it: 'stopping' precedes the signal. */
  readonly onChange?: (replica: Replica) => void
  /** Where the private folder with the sockets is made; default the system's folder for temporary files. */
  readonly runDir?: string
  /** The whole environment of the workers; none when absent. */
  readonly variables?: Readonly<Record<string, string>>
  /** Whether workers run under Node's permission model, see `permissions.ts`; true when absent. */
  readonly fenced?: boolean
  readonly spawn?: SpawnWorker
  readonly timers?: Timers
  /** Uniform in [0, 1). */
  readonly random?: () => number
  /** From SIGTERM to SIGKILL, default 5 s. */
  readonly graceMs?: number
  /** From start to ready, default 30 s. */
  readonly startLimitMs?: number
}

/** The workers of one file of one model. */
export interface WorkerGroup {
  readonly model: string
  replicas(): readonly Replica[]
  /** Resolves when all have exited; nothing is left of them then. */
  stop(): Promise<void>
}

export interface LaunchOptions {
  /** Index of the first replica, those after it count on; 0 when absent. */
  readonly firstIndex?: number
  /** In place of the supervisor's own. */
  readonly onChange?: (replica: Replica) => void
}

export interface Supervisor {
  /** As they are now, in the order in which they were launched. */
  replicas(): readonly Replica[]
  /** Starts workers beside those that run, for another file of the same model too. */
  launch(model: SupervisedModel, options?: LaunchOptions): WorkerGroup
  /** Kills the process behind `socket`, which does not return; it is restarted as after any exit. */
  killHung(socket: string): void
  /** Stops every worker and resolves when all have exited and nothing is left of them. */
  stop(): Promise<void>
}

/**
 * Starts a worker process for every replica of every model and keeps them running. Resolves when the processes have
 * been started, not when they are ready. Before that it cleans up after supervisors that were killed.
 *
 * @throws ListenFault when `runDir` is too long a path for sockets
 */
export async function createSupervisor(deps: SupervisorDeps): Promise<Supervisor> {
  const { models, logger, runDir = tmpdir(), onChange = () => undefined } = deps
  const {
    variables = {},
    spawn = createSpawnWorker(variables, deps.fenced),
    timers = systemTimers,
    random = Math.random,
  } = deps
  const { graceMs = 5_000, startLimitMs = 30_000 } = deps
  await mkdir(runDir, { recursive: true })
  await sweepRunDirectories(runDir, logger)
  const directory = await makeRunDirectory(runDir)
  const shared = { spawn, timers, random, logger, onChange, graceMs, startLimitMs }
  const groups: (Keepers | undefined)[] = []
  const keepers = (): readonly ReplicaKeeper[] => groups.flatMap((group) => group ?? [])

  function launch(
    { name, onnx, source, version, replicas }: SupervisedModel,
    options: LaunchOptions = {},
  ): WorkerGroup {
    const { firstIndex = 0, ...own } = options
    const place = freePlace(groups)
    const group = Array.from({ length: replicas }, (_, at) => {
      const index = firstIndex + at
      return new ReplicaKeeper({
        model: name,
        index,
        onnx,
        source,
        version,
        socket: socketIn(directory, place, index),
        ...shared,
        ...own,
      })
    })
    groups[place] = group
    for (const keeper of group) keeper.start()
    return {
      model: name,
      replicas: () => group.map((keeper) => keeper.replica),
      async stop() {
        await Promise.all(group.map((keeper) => keeper.stop()))
        groups[place] = undefined
      },
    }
  }

  for (const model of models) launch(model)
  return {
    launch,
    replicas: () => keepers().map((keeper) => keeper.replica),
    killHung(socket) {
      keepers()
        .find((keeper) => keeper.replica.socket === socket)
        ?.killHung()
    },
    async stop() {
      await Promise.all(keepers().map((keeper) => keeper.stop()))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

type Keepers = readonly ReplicaKeeper[]

/** Places are used again, as their number is part of a socket's path. */
function freePlace(groups: readonly (Keepers | undefined)[]): number {
  const free = groups.findIndex((group) => group === undefined)
  return free < 0 ? groups.length : free
}
