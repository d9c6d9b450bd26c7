/**
 * `npm run screenshots`: pictures of the console while a gateway of our own gets the demo's traffic. A Chromium has to be
 * installed.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { loadExample } from '../../cli/demo/example.ts'
import { createFeedbackSender } from '../../cli/demo/feedback-sender.ts'
import { openLocalGateway } from '../../cli/demo/local-gateway.ts'
import { createRandom } from '../../cli/demo/random.ts'
import { planRequests } from '../../cli/demo/stream.ts'
import { Tally } from '../../cli/demo/tally.ts'
import { sendTraffic } from '../../cli/demo/traffic.ts'
import { findChromium, launchChromium } from './browser.ts'

const perSecond = 80
const seconds = 75
/** The images turn noisy half-way; by now the traffic has moved. */
const pictureAfterMs = 62_000

interface Shot {
  readonly name: string
  readonly path: string
  readonly theme: 'light' | 'dark'
  readonly width: number
  readonly height: number
}

const endpoint = '#/endpoints/digits'
const shots: readonly Shot[] = [
  { name: 'endpoint-light', path: endpoint, theme: 'light', width: 1120, height: 1420 },
  { name: 'endpoint-dark', path: endpoint, theme: 'dark', width: 1120, height: 1420 },
  { name: 'endpoint-phone', path: endpoint, theme: 'light', width: 360, height: 1000 },
  { name: 'overview-light', path: '', theme: 'light', width: 1120, height: 210 },
]

const example = await loadExample(join(import.meta.dirname, '../../examples/digits'))
const executable = findChromium()
if (executable === undefined)
  throw new Error('no Chromium is installed: install one, such as the package chromium')
const gateway = await openLocalGateway({
  configPath: example.configPath,
  redis: undefined,
  policy: undefined,
  onNotice: say,
  onGivenUp: ({ message }) => say(message),
})
const controller = new AbortController()
const { signal } = controller
try {
  await gateway.process.start(signal)
  const traffic = runTraffic().catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
  const browser = await launchChromium(executable)
  try {
    await takeAll(browser)
  } finally {
    await browser.close()
    controller.abort()
    await traffic
  }
} finally {
  await gateway.close()
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

async function runTraffic(): Promise<void> {
  const total = perSecond * seconds
  const tally = new Tally([...example.models.keys(), 'committee'], total)
  const random = createRandom(1, 'retry')
  const { client } = gateway
  const feedback = createFeedbackSender({ client, tally, random, signal })
  const plan = planRequests({ images: example.images, noise: example.noise, seed: 1, total })
  await sendTraffic(plan, perSecond, { client, feedback, tally, random, signal })
}

async function takeAll(browser: Browser): Promise<void> {
  const pages = await Promise.all(
    shots.map(async ({ path, theme, width, height }) => {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme })
      await page.goto(`${gateway.origin}/console${path}`)
      return page
    }),
  )
  await sleep(pictureAfterMs)
  for (const [at, page] of pages.entries()) {
    await page.screenshot({ path: join(import.meta.dirname, `${shots[at]!.name}.png`) })
  }
}
