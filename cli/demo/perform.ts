import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { howToCall } from '../how-to-call.ts'
import type { Display } from './display/display.ts'
import { createPaint } from './display/paint.ts'
import { reportLines } from './display/report-lines.ts'
import type { Example } from './example.ts'
import { createFeedbackSender } from './feedback-sender.ts'
import { createLive } from './live.ts'
import type { LocalGateway } from './local-gateway.ts'
import { nextSteps } from './next-steps.ts'
import type { DemoOptions } from './options.ts'
import { consultModels } from './oracle.ts'
import { createRandom } from './random.ts'
import { toReport, type Report } from './report.ts'
import { planRequests } from './stream.ts'
import { Tally } from './tally.ts'
import { toTotals } from './totals.ts'
import { sendTraffic } from './traffic.ts'
import { viewAtStart, viewInAgreement } from './views.ts'

export interface Performance {
  readonly options: DemoOptions
  readonly example: Example
  readonly gateway: LocalGateway
  readonly display: Display
  readonly signal: AbortSignal
}

/** The demo itself, from the gateway's start to the report. Returns the exit code; rejects when `signal` aborts. */
export const perform = async (performance: Performance): Promise<number> => {
  const { options, example, gateway, signal } = performance
  const { stdout } = process
  stdout.write('Starting the gateway and a worker for every model …\n')
  await gateway.process.start(signal)
  const report = await measure(performance)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`)
  stdout.write(`${[...reportLines(report, createPaint(stdout)), '', ...nextSteps].join('\n')}\n`)
  if (options.keep) {
    const { pixels, label } = example.images[0]!
    const call = howToCall(gateway.origin, [
      { name: 'digits', body: { inputs: { pixels } }, feedback: 'label', label },
    ])
    stdout.write(`\nThe gateway stays on until Ctrl-C.\n\n${call}\n`)
    if (!signal.aborted) await once(signal, 'abort')
  }
  return report.passed ? 0 : 1
}

const measure = async ({ options, example, gateway, display, signal }: Performance): Promise<Report> => {
  const { seed, rate, seconds } = options
  const { client } = gateway
  const before = await viewAtStart(client, signal)
  const tally = new Tally(
    before.arms.map(({ name }) => name),
    Math.round(rate * seconds),
  )
  const plan = () => planRequests({ images: example.images, noise: example.noise, seed, total: tally.total })
  const random = createRandom(seed, 'retry')
  const feedback = createFeedbackSender({ client, tally, random, signal })
  const store = options.redis === undefined ? 'SQLite' : 'Redis'
  const live = createLive({
    display,
    client,
    firstView: before,
    inputs: () => ({
      title: `bandit demo: digits, ${before.policy}, ${store}`,
      gateway: `gateway at ${gateway.origin}, process ${gateway.process.pid ?? 'gone'}: kill -9 it and watch; Ctrl-C stops`,
      tally,
      perSecond: rate,
      waiting: feedback.waiting(),
    }),
  })
  try {
    await sendTraffic(plan(), rate, { client, feedback, tally, random, signal })
    live.enter('feedback')
    await feedback.drained()
    const after = await viewInAgreement(client, tally, before, signal)
    live.enter('models')
    const oracle = await consultModels({ example, requests: plan(), total: tally.total, signal })
    return toReport({
      run: {
        seed,
        perSecond: rate,
        seconds,
        policy: before.policy,
        store,
        gatewayRestarts: gateway.process.restarts,
      },
      tally,
      oracle,
      totals: toTotals(tally, before, after),
    })
  } finally {
    live.close()
  }
}
