import type { Display } from './display/display.ts'
import type { EndpointView } from './endpoint-view.ts'
import type { GatewayClient } from './gateway-client.ts'
import { toProgress, type ProgressInputs } from './progress.ts'

export interface LiveDeps {
  readonly display: Display
  readonly client: Pick<GatewayClient, 'view'>
  /** The state of the endpoint before the first request. */
  readonly firstView: EndpointView
  /** What is known from our own side, asked for anew for each picture. */
  readonly inputs: () => Omit<ProgressInputs, 'view' | 'stage' | 'elapsedMs'>
}

/** Keeps the display up to date until it is closed. */
export interface Live {
  enter(stage: ProgressInputs['stage']): void
  close(): void
}

const drawEveryMs = 125
const askEveryMs = 500

export const createLive = ({ display, client, firstView, inputs }: LiveDeps): Live => {
  const startedAt = performance.now()
  let view = firstView
  let stage: ProgressInputs['stage'] = 'traffic'
  let asking = false
  let noisy = false

  const elapsedMs = () => performance.now() - startedAt

  const draw = () => {
    const progress = toProgress({ ...inputs(), view, stage, elapsedMs: elapsedMs() })
    if (progress.stage === 'noisy' && !noisy) {
      noisy = true
      display.notice('the images turn dim and noisy')
    }
    display.show(progress)
  }

  const ask = async () => {
    if (asking) return
    asking = true
    const reply = await client.view()
    if (reply.status === 'answered') view = reply.value
    asking = false
  }

  const timers = [setInterval(draw, drawEveryMs), setInterval(() => void ask(), askEveryMs)]
  return {
    enter: (next) => {
      stage = next
      draw()
    },
    close: () => {
      timers.forEach(clearInterval)
      display.close()
    },
  }
}
