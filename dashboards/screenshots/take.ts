/**
 * `npm run screenshots`: pictures of the console while a gateway of our own gets the demo's traffic. A Chromium has to be
 * installed.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { duringDemo } from '../demo-traffic.ts'
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

const executable = findChromium()
if (executable === undefined)
  throw new Error('no Chromium is installed: install one, such as the package chromium')
await duringDemo({ perSecond, seconds }, async (origin) => {
  const browser = await launchChromium(executable)
  try {
    await takeAll(browser, origin)
  } finally {
    await browser.close()
  }
})

async function takeAll(browser: Browser, origin: string): Promise<void> {
  const pages = await Promise.all(
    shots.map(async ({ path, theme, width, height }) => {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme })
      await page.goto(`${origin}/console${path}`)
      return page
    }),
  )
  await sleep(pictureAfterMs)
  for (const [at, page] of pages.entries()) {
    await page.screenshot({ path: join(import.meta.dirname, `${shots[at]!.name}.png`) })
  }
}
