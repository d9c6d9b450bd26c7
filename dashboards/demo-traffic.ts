import { join } from 'node:path'
import { loadExample } from '../cli/demo/example.ts'
import { createFeedbackSender } from '../cli/demo/feedback-sender.ts'
import { openLocalGateway } from '../cli/demo/local-gateway.ts'
import { createRandom } from '../cli/demo/random.ts'
import { planRequests } from '../cli/demo/stream.ts'
import { Tally } from '../cli/demo/tally.ts'
import { sendTraffic } from '../cli/demo/traffic.ts'

export interface DemoTraffic {
  readonly perSecond: number
  readonly seconds: number
}

/** Calls `look` while a gateway of our own gets the demo's traffic, whose images turn noisy half-way. */
export async function duringDemo(
  { perSecond, seconds }: DemoTraffic,
  look: (origin: string) => Promise<void>,
): Promise<void> {
  const example = await loadExample(join(import.meta.dirname, '../examples/digits'))
  const gateway = await openLocalGateway({
    configPath: example.configPath,
    redis: undefined,
    policy: undefined,
    onNotice: say,
    onGivenUp: ({ message }) => say(message),
  })
  const controller = new AbortController()
  const { signal } = controller

  async function send(): Promise<void> {
    const total = perSecond * seconds
    const tally = new Tally([...example.models.keys(), 'committee'], total)
    const random = createRandom(1, 'retry')
    const { client } = gateway
    const feedback = createFeedbackSender({ client, tally, random, signal })
    const plan = planRequests({ images: example.images, noise: example.noise, seed: 1, total })
    await sendTraffic(plan, perSecond, { client, feedback, tally, random, signal })
  }

  try {
    await gateway.process.start(signal)
    const traffic = send().catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    try {
      await look(gateway.origin)
    } finally {
      controller.abort()
      await traffic
    }
  } finally {
    await gateway.close()
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
