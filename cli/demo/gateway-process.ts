import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export interface GatewayProcessDeps {
  /** What node is to run, script first. */
  readonly command: readonly string[]
  /** Both output streams of every run are appended here. */
  readonly logPath: string
  readonly isReady: () => Promise<boolean>
  /** One line for each unexpected end and each return. */
  readonly onNotice: (text: string) => void
  /** The gateway keeps dying, or never came up, and is not started again. */
  readonly onGivenUp: (error: GatewayDied) => void
}

/** The gateway ended and stays so; the message holds the end of what it wrote. */
export class GatewayDied extends Error {
  readonly code = 'gateway_died'
  constructor(message: string) {
    super(message)
    this.name = 'GatewayDied'
  }
}

const readyWithinMs = 30_000
const stopWithinMs = 10_000
/** A run shorter than this counts as a failed start; this many of them in a row are one too many. */
const shortRunMs = 5_000
const shortRunsTooMany = 6

/** A gateway that runs beside us and is started again when it dies, as a process manager would do it. */
export class GatewayProcess {
  readonly #deps: GatewayProcessDeps
  readonly #stopping = new AbortController()
  #child: ChildProcess | undefined
  #running: Promise<void> | undefined
  #hasBeenReady = false
  #restarts = 0

  constructor(deps: GatewayProcessDeps) {
    this.#deps = deps
  }

  /** Process id of the run that is on, if one is. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  get restarts(): number {
    return this.#restarts
  }

  /** Resolves when the gateway is ready; rejects with GatewayDied when that takes too long. */
  async start(signal: AbortSignal): Promise<void> {
    this.#running = this.#keepRunning()
    const deadline = performance.now() + readyWithinMs
    while (!(await this.#deps.isReady())) {
      if (performance.now() > deadline) throw await this.#died('it was not ready within 30 s')
      await sleep(50, undefined, { signal })
    }
    this.#hasBeenReady = true
  }

  /** Asks the gateway to end and, after ten seconds, makes it. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#child?.kill('SIGTERM')
    const late = setTimeout(() => this.kill(), stopWithinMs)
    await this.#running
    clearTimeout(late)
  }

  /** Ends the gateway and its workers at once. Synchronous, for the last moments of this process. */
  kill(): void {
    this.#stopping.abort()
    if (this.#child?.pid === undefined) return
    try {
      process.kill(-this.#child.pid, 'SIGKILL')
    } catch {
      // It ended by itself a moment ago.
    }
  }

  async #keepRunning(): Promise<void> {
    for (let shortRuns = 0; ;) {
      const startedAt = performance.now()
      const ending = this.#run()
      if (this.#restarts > 0 && (await this.#readyInThisRun()))
        this.#deps.onNotice('the gateway is ready again')
      const how = await ending
      if (this.#stopping.signal.aborted) return
      shortRuns = performance.now() - startedAt < shortRunMs ? shortRuns + 1 : 0
      if (!this.#hasBeenReady || shortRuns >= shortRunsTooMany) {
        return this.#deps.onGivenUp(await this.#died(how))
      }
      this.#deps.onNotice(`the gateway died (${how}) and is started again`)
      this.#restarts++
      if (shortRuns > 0) await this.#pause(100 * 2 ** shortRuns)
      if (this.#stopping.signal.aborted) return
    }
  }

  /**
   * Resolves with how the run ended. The gateway leads its own process group: Ctrl-C reaches it through us, and its
   * workers can be ended with it. It ends by itself when the channel to us closes.
   */
  #run(): Promise<string> {
    const log = openSync(this.#deps.logPath, 'a')
    const child = spawn(process.execPath, this.#deps.command, {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
    this.#child = child
    return new Promise((resolve) => {
      const end = (how: string) => {
        this.#child = undefined
        resolve(how)
      }
      child.once('error', (error) => end(error.message))
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`))
    })
  }

  async #readyInThisRun(): Promise<boolean> {
    while (this.#child !== undefined && !this.#stopping.signal.aborted) {
      if (await this.#deps.isReady()) return true
      await this.#pause(50)
    }
    return false
  }

  async #pause(ms: number): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: this.#stopping.signal })
    } catch {
      // Stopped meanwhile: the caller looks.
    }
  }

  async #died(how: string): Promise<GatewayDied> {
    const written = (await readFile(this.#deps.logPath, 'utf8')).trim()
    const end = written === '' ? '' : ` It wrote:\n${written.split('\n').slice(-5).join('\n')}`
    return new GatewayDied(`The gateway ended (${how}).${end}`)
  }
}
