import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { workerPermissions } from './permissions.ts'
import { pidFileOf } from './run-directory.ts'
import type { WorkerMessage } from '../worker-messages.ts'

export interface WorkerLaunch {
  readonly model: string
  readonly onnx: string
  /** What the file is called in faults; its path when absent. */
  readonly source?: string | undefined
  /** What it says that it serves. */
  readonly version?: string | undefined
  readonly socket: string
}

export interface WorkerExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** What the worker said of it, or why it could not be started. */
  readonly reason?: string
}

export interface WorkerEvents {
  onReady(message: Extract<WorkerMessage, { type: 'ready' }>): void
  /** Comes once, whatever happened. */
  onExit(exit: WorkerExit): void
}

export interface WorkerProcess {
  readonly pid: number | undefined
  kill(signal: 'SIGTERM' | 'SIGKILL'): void
}

export type SpawnWorker = (launch: WorkerLaunch, events: WorkerEvents) => WorkerProcess

/** By the ending that this file has itself: the package holds JavaScript. */
const main = join(import.meta.dirname, '..', `main${extname(import.meta.filename)}`)

/**
 * Starts one worker process, with a pid file beside its socket for whoever has to clean up after us. What it
 * logs goes to our stderr. It gets `variables` for its environment and nothing of ours: what is secret there is
 * nothing for a model.
 */
export const createSpawnWorker =
  (variables: Readonly<Record<string, string>>, fenced = true): SpawnWorker =>
  ({ model, onnx, source = onnx, version = '1', socket }, events) => {
    const fence = fenced ? workerPermissions({ onnx, directory: dirname(socket) }) : []
    const own = { model: onnx, source, name: model, version, socket }
    const args = Object.entries(own).flatMap(([name, value]) => [`--${name}`, value])
    const child = spawn(process.execPath, [...fence, main, ...args], {
      stdio: ['ignore', 2, 2, 'ipc'],
      env: variables,
    })
    let reason: string | undefined
    let over = false
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (over) return
      over = true
      rmSync(pidFileOf(socket), { force: true })
      rmSync(socket, { force: true })
      events.onExit({ code, signal, ...(reason === undefined ? {} : { reason }) })
    }
    child.on('message', (message: WorkerMessage) => {
      if (message.type === 'ready') events.onReady(message)
      else reason = message.reason
    })
    // Unlike 'exit' it comes after the last message.
    child.on('close', end)
    child.on('error', (error) => {
      // With a pid it is a message or signal that did not get through: the exit is still to come.
      if (child.pid !== undefined) return
      reason = `the process could not be started: ${error.message}`
      end(null, null)
    })
    if (child.pid !== undefined) {
      try {
        writeFileSync(pidFileOf(socket), `${child.pid}`)
      } catch (error) {
        reason = `its pid file could not be written: ${(error as Error).message}`
        child.kill('SIGKILL')
      }
    }
    return { pid: child.pid, kill: (signal) => void child.kill(signal) }
  }
