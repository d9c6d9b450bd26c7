import { join } from 'node:path'
import { createStopSignal } from '../stop-signal.ts'
import { createDisplay } from './display/display.ts'
import { loadExample } from './example.ts'
import { openLocalGateway } from './local-gateway.ts'
import type { DemoOptions } from './options.ts'
import { perform } from './perform.ts'

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
