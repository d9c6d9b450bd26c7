import { join } from 'node:path'
import { createStopSignal } from '../stop-signal.ts'
import { createDisplay } from './display/display.ts'
import { loadExample } from './example.ts'
import { openLocalGateway } from './local-gateway.ts'
import { perform } from './perform.ts'

export interface DemoOptions {
  readonly seed: number
  /** Requests a second. */
  readonly rate: number
  readonly seconds: number
  /** Address of the store; absent = an SQLite file that goes with the demo. */
  readonly redis?: string
  /** Name of a policy in place of the configured one. */
  readonly policy?: string
  /** Leave the gateway on after the report, until a signal. */
  readonly keep: boolean
  /** File for the report as JSON. */
  readonly json?: string
}

const exampleFolder = join(import.meta.dirname, '..', '..', 'examples', 'digits')
/** As shells report a program that Ctrl-C ended. */
const interrupted = 130

/**
 * The main job as one command: a gateway of our own, traffic whose best arm changes half-way, labels that come back
 * late, and a report. Returns the exit code. Nothing is left behind, however it ends.
 */
export const runDemo = async (options: DemoOptions): Promise<number> => {
  const example = await loadExample(exampleFolder)
  const display = createDisplay(process.stdout)
  const givenUp = new AbortController()
  const gateway = await openLocalGateway({
    configPath: example.configPath,
    redis: options.redis,
    policy: options.policy,
    onNotice: (text) => display.notice(text),
    onGivenUp: (error) => givenUp.abort(error),
  })
  const closeNow = () => {
    display.close()
    gateway.closeNow()
  }
  process.once('exit', closeNow)
  const stop = createStopSignal(() => process.exit(interrupted))
  const signal = AbortSignal.any([stop.signal, givenUp.signal])
  try {
    return await perform({ options, example, gateway, display, signal })
  } catch (error) {
    if (stop.signal.aborted) {
      display.close()
      console.log('Stopped before the end, so there is no report.')
      return interrupted
    }
    throw givenUp.signal.aborted ? givenUp.signal.reason : error
  } finally {
    display.close()
    await gateway.close()
    stop.release()
    process.off('exit', closeNow)
  }
}
