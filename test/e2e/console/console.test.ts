import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, launchChromium } from '../../../dashboards/screenshots/browser.ts'
import type { ConsoleUpdate } from '../../../gateway/console/shape.ts'
import { consoleConfig, openConsole, overflow, seriousFindings } from '../../fixtures/console-page.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { images } from '../../fixtures/steady-load.ts'
import { freePort } from '../../support/free-port.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const chromium = findChromium()
const isSkipped = chromium === undefined && process.env.CI !== 'true'
if (isSkipped) console.log('skipped the console in a browser: no Chromium is installed')

const start = async (args: readonly string[] = [], store?: string) => {
  const options = {
    config: await consoleConfig(),
    store: store ?? (await newStore.sqlite()),
    tmp: await tempDir(),
    args,
  }
  const gateway = runGateway(options)
  return { gateway, origin: await gateway.ready() }
}

/** Predictions with the feedback that they were right, in one batch. */
const ask = async (origin: string, count: number): Promise<void> => {
  const caller = createCaller(origin)
  const replies = await Promise.all(
    Array.from({ length: count }, (_, at) => caller.predict(images[at % images.length]!.pixels)),
  )
  await caller.feedbackLines(replies.map(({ body }) => ({ prediction_id: body.prediction_id, reward: 1 })))
}

const factOf = (page: Page, name: string) =>
  page.locator('.facts > div').filter({ hasText: name }).first().locator('dd').textContent()

describe.skipIf(isSkipped)('the console in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(chromium ?? 'chromium')
  })
  afterAll(() => browser?.close())

  test('shows what happens while it happens, keeps the history over a reload, and asks nobody else', async () => {
    const { origin } = await start()
    const { page, complaints, outside } = await openConsole(browser, origin)
    await page.getByRole('link', { name: 'digits' }).click()
    await page.getByText('Nothing learned yet').waitFor()
    await ask(origin, 200)
    await page.getByText(/is best with|was found to be best/).waitFor()
    await waitUntil(async () => (await factOf(page, 'Learned from')) === '200', { what: 'all is shown' })
    expect(await page.locator('tbody tr', { hasText: 'drawn by the policy' }).count()).toBe(50)
    expect(await page.locator('canvas').count()).toBe(4)

    await page.getByText('Show as a table').nth(1).click()
    const rows = page.locator('figure').nth(1).locator('tbody tr')
    await waitUntil(async () => (await rows.count()) > 2, { what: 'the table has the history' })
    const before = await rows.count()
    await page.reload()
    await page.getByText(/is best with/).waitFor()
    expect(await page.locator('tbody tr', { hasText: 'drawn by the policy' }).count()).toBe(50)
    await page.getByText('Show as a table').nth(1).click()
    const after = await waitUntil(async () => (await rows.count()) || undefined, {
      what: 'the table is back',
    })
    expect(after).toBeGreaterThanOrEqual(before)
    expect([complaints, outside]).toEqual([[], []])
  })

  test('pauses an arm and changes its shares, by keyboard', async () => {
    const { origin } = await start()
    const { page, complaints } = await openConsole(browser, origin, { path: '#/endpoints/digits' })
    await page.getByRole('combobox', { name: 'Arm' }).selectOption('forest')
    await page.getByRole('button', { name: 'Pause' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Pause: forest is paused').waitFor()
    await page.getByRole('cell', { name: 'Paused' }).waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByText('Resume: forest is active').waitFor()
    await page.getByLabel('Greatest share').fill('0.25')
    await page.getByRole('button', { name: 'Set shares' }).click()
    await page.getByText('Set shares: forest is active').waitFor()
    expect((await createCaller(origin).arms()).get('forest')).toMatchObject({ max_share: 0.25 })
    expect(await seriousFindings(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.getByLabel('Least share').fill('0.5')
    await page.getByRole('button', { name: 'Set shares' }).click()
    await page.getByText(/do not fit together: min_share 0.5 of forest is above its max_share 0.25/).waitFor()
  })

  test('one arm or fifty, with or without data, light or dark, on a desk or a phone', async () => {
    const { origin } = await start()
    await ask(origin, 60)
    const pictures: [path: string, arms: number][] = [
      ['', 0],
      ['#/endpoints/digits', 2],
      ['#/endpoints/many', 50],
      ['#/endpoints/quiet', 1],
    ]
    for (const [path, arms] of pictures) {
      for (const theme of ['light', 'dark'] as const) {
        const { page, complaints } = await openConsole(browser, origin, {
          path,
          theme,
          width: theme === 'light' ? 360 : 1280,
        })
        await page.locator('h1').waitFor()
        const table = page.getByRole('region', { name: 'Arms', exact: true }).locator('tbody tr')
        expect(await table.count()).toBe(arms)
        expect([path, theme, await overflow(page)]).toEqual([path, theme, 0])
        expect([path, theme, await seriousFindings(page)]).toEqual([path, theme, []])
        expect(complaints).toEqual([])
        await page.close()
      }
    }
  })

  test('the colours can be switched, and stay so', async () => {
    const { origin } = await start()
    const { page } = await openConsole(browser, origin)
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    const light = await background()
    await page.getByRole('button', { name: 'Switch to dark colours' }).press('Enter')
    const dark = await background()
    expect(dark).not.toBe(light)
    await page.reload()
    expect(await background()).toBe(dark)
  })

  test('says when the gateway is gone, and goes on when it is back', async () => {
    const args = [`--listen=127.0.0.1:${await freePort()}`]
    const store = await newStore.sqlite()
    const first = await start(args, store)
    const { page } = await openConsole(browser, first.origin, { path: '#/endpoints/digits' })
    first.gateway.kill('SIGKILL')
    await first.gateway.exited
    const notice = page.getByRole('alert')
    await notice.getByText(/does not answer.*Trying again/).waitFor()
    expect(await page.getByText('Reconnecting').isVisible()).toBe(true)

    const second = await start(args, store)
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await notice.isVisible()).toBe(false)
    await ask(second.origin, 20)
    await waitUntil(async () => (await factOf(page, 'Learned from')) === '20', { what: 'it is live again' })
  })

  test('tells of a worker that was killed and came back', async () => {
    const { gateway, origin } = await start()
    const { page } = await openConsole(browser, origin, { path: '#/endpoints/digits' })
    await page.getByText('Nothing has gone wrong').waitFor()
    process.kill(gateway.workerOf('forest')!, 'SIGKILL')
    await page.getByText('Worker forest/0 was restarted').waitFor()
    await page.getByRole('row', { name: 'forest' }).getByText('1 up, 1 restart').waitFor()
  })

  test('a name is text, whatever it contains', async () => {
    const { origin } = await start()
    const name = '<img src=x onerror="document.title=1">'
    const response = await fetch(`${origin}/console/data`)
    const update = (await response.json()) as ConsoleUpdate
    const [digits] = update.endpoints
    const arms = digits!.now.arms.map((arm) => Object.assign(arm, { name }))
    const hostile = {
      ...update,
      endpoints: [{ ...digits, name, now: { ...digits!.now, arms, warnings: [name] } }],
    }
    const page = await browser.newPage()
    await page.route('**/console/stream', (route) =>
      route.fulfill({ contentType: 'text/event-stream', body: `data: ${JSON.stringify(hostile)}\n\n` }),
    )
    await page.goto(`${origin}/console`)
    await page.getByRole('link', { name }).click()
    await page.getByRole('heading', { name }).waitFor()
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.locator('.warnings').textContent()).toBe(name)
    await page.close()
  })

  test('a gateway that is stopped does not wait for those who watch', async () => {
    const { gateway, origin } = await start()
    await openConsole(browser, origin)
    const stoppedAt = performance.now()
    gateway.kill('SIGTERM')
    expect(await gateway.exited).toBe(0)
    expect(performance.now() - stoppedAt).toBeLessThan(5000)
  })
})
