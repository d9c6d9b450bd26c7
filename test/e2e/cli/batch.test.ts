import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { images } from '../../support/digits.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))
const rows = 2000

interface Line {
  readonly row: number
  readonly id?: string
  readonly arm?: string
  readonly error?: { readonly code: string; readonly detail: string }
}

const batch = (args: readonly string[]) => {
  const child = spawn(process.execPath, [main, 'batch', '--endpoint=digits', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const written = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text))
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: (signal ?? code) as number | string,
    ...written,
  }))
  return { child, ended }
}

const linesOf = async (file: string): Promise<Line[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)

/** As short a deadline as on a page: rows that miss it are asked again. */
const start = async () => {
  const config = await digitsConfig({ models: ['logistic', 'tree'], from: 'reward', deadline: '500ms' })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  return { gateway, origin: `--gateway=${await gateway.ready()}` }
}

test('a batch that is killed half-way, beside a model that hangs for a while, ends in the bytes of one that was not', async () => {
  const dir = await tempDir()
  const [input, whole, broken] = ['rows.ndjson', 'whole.ndjson', 'broken.ndjson'].map((name) =>
    join(dir, name),
  )
  const pixels = Array.from({ length: rows }, (_, n) => ({ pixels: [images[n % images.length]!.pixels] }))
  await writeFile(input!, pixels.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const args = [`--in=${input}`, '--run=nightly', '--sync-every=250']
  const unbroken = batch([...args, `--out=${whole}`, (await start()).origin])

  // Another gateway, which has never heard of these rows.
  const { gateway, origin: other } = await start()
  const first = batch([...args, `--out=${broken}`, other])
  await waitUntil(async () => (await stat(broken!).catch(() => ({ size: 0 }))).size > 100_000, {
    what: 'it is half-way',
    timeoutMs: 60_000,
    intervalMs: 5,
  })
  first.child.kill('SIGKILL')
  expect((await first.ended).code).toBe('SIGKILL')
  expect((await linesOfWhole(broken!)).length).toBeLessThan(rows)
  const frozen = gateway.workerOf('tree')!
  process.kill(frozen, 'SIGSTOP')
  const second = batch([...args, `--out=${broken}`, other])
  await setTimeout(2500)
  process.kill(frozen, 'SIGCONT')
  const { code, err } = await second.ended
  expect([code, err]).toEqual([0, `${rows} rows answered by the policy\n`])
  expect((await unbroken.ended).code).toBe(0)

  const lines = await linesOf(broken!)
  expect(lines.map(({ row, id }) => [row, id])).toEqual(
    Array.from({ length: rows }, (_, row) => [row, `nightly-${row}`]),
  )
  expect(new Set(lines.map(({ arm }) => arm))).toEqual(new Set(['logistic', 'tree']))
  expect((await readFile(broken!)).equals(await readFile(whole!))).toBe(true)

  const third = await batch([...args, `--out=${broken}`, other]).ended
  expect([third.code, third.err]).toEqual([0, expect.stringContaining('is finished, with 2000 rows')])
}, 180_000)

/** The last line may be half a one. */
const linesOfWhole = async (file: string): Promise<string[]> =>
  (await readFile(file, 'utf8')).split('\n').slice(0, -1)

test('rows of CSV are answered by one arm on standard output; faulty ones are told, and what is there is kept', async () => {
  const { origin: gateway } = await start()
  const dir = await tempDir()
  const input = join(dir, 'rows.csv')
  const columns = Array.from({ length: 64 }, (_, at) => `pixels[${at}]`)
  const row = (n: number) => images[n]!.pixels.join(',')
  await writeFile(input, `${columns.join(',')}\n${row(0)}\n${row(1).replace(/^\d+/, 'dark')}\n${row(2)}\n`)
  const { code, out, err } = await batch([`--in=${input}`, '--out=-', '--arm=logistic', gateway]).ended
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  expect(lines.map(({ row: number, arm, error }) => [number, arm ?? error?.code])).toEqual([
    [0, 'logistic'],
    [1, 'unreadable'],
    [2, 'logistic'],
  ])
  expect(lines[1]!.error!.detail).toContain('dark')
  expect([code, err]).toEqual([2, '3 rows answered by logistic, 1 of them refused\n'])

  const there = join(dir, 'there')
  await writeFile(there, 'mine')
  const refusals = [
    [[`--in=${input}`, `--out=${there}`, gateway], 'is there and is not of a batch'],
    [[`--in=${input}`, '--out=-'], 'either --gateway'],
    [[`--in=${input}`, '--out=-', '--arm=nobody', gateway], 'has no arm nobody: there are logistic, tree'],
  ] as const
  const refused = await Promise.all(refusals.map(([args]) => batch(args).ended))
  expect(refused.map(({ code, err }) => [code, err])).toEqual(
    refusals.map(([, says]) => [1, expect.stringContaining(says)]),
  )
  expect(await readFile(there, 'utf8')).toBe('mine')
}, 120_000)
