import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
  readonly prediction_id?: string
  readonly arm?: string
  readonly outputs?: { readonly label: readonly number[]; readonly probabilities: readonly number[][] }
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

/** All but the id, which has the time of its decision in it, and but for the floats. */
const answersOf = (lines: readonly Line[]) =>
  lines.map(({ prediction_id: _, outputs, ...answer }) => ({ ...answer, label: outputs?.label }))

/** Rows that share a batch with others are added up in another order: the last bits of a float may differ. */
const mostApart = (a: readonly Line[], b: readonly Line[]): number => {
  const floats = (lines: readonly Line[]) => lines.flatMap(({ outputs }) => outputs!.probabilities.flat())
  const others = floats(b)
  return floats(a).reduce((most, value, at) => Math.max(most, Math.abs(value - others[at]!)), 0)
}

const start = async () => {
  // As long a deadline as it takes: another arm that answers on a busy machine would be another output.
  const config = await digitsConfig({ models: ['logistic', 'tree'], from: 'reward', deadline: '1m' })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  return `--gateway=${await gateway.ready()}`
}

test('a batch that is killed half-way goes on without a gap and without a repeat, as if it had never been', async () => {
  const dir = await tempDir()
  const [input, whole, broken] = ['rows.ndjson', 'whole.ndjson', 'broken.ndjson'].map((name) =>
    join(dir, name),
  )
  const pixels = Array.from({ length: rows }, (_, n) => ({ pixels: [images[n % images.length]!.pixels] }))
  await writeFile(input!, pixels.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const args = [`--in=${input}`, '--run=nightly', '--sync-every=250']
  const unbroken = batch([...args, `--out=${whole}`, await start()])

  // Another gateway, which has never heard of these rows.
  const other = await start()
  const first = batch([...args, `--out=${broken}`, other])
  await waitUntil(async () => (await stat(broken!).catch(() => ({ size: 0 }))).size > 200_000, {
    what: 'it is half-way',
    timeoutMs: 20_000,
    intervalMs: 5,
  })
  first.child.kill('SIGKILL')
  expect((await first.ended).code).toBe('SIGKILL')
  expect((await linesOfWhole(broken!)).length).toBeLessThan(rows)
  const second = await batch([...args, `--out=${broken}`, other]).ended
  expect([second.code, second.err]).toEqual([0, `${rows} rows answered by the policy\n`])
  expect((await unbroken.ended).code).toBe(0)

  const [lines, unbrokenLines] = [await linesOf(broken!), await linesOf(whole!)]
  const answers = answersOf(lines)
  expect(answers.map(({ row }) => row)).toEqual(Array.from({ length: rows }, (_, row) => row))
  expect(answers).toEqual(answersOf(unbrokenLines))
  expect(mostApart(lines, unbrokenLines)).toBeLessThan(1e-5)
  expect(new Set(answers.map(({ arm }) => arm))).toEqual(new Set(['logistic', 'tree']))

  const third = await batch([...args, `--out=${broken}`, other]).ended
  expect([third.code, third.err]).toEqual([0, expect.stringContaining('is finished, with 2000 rows')])
})

/** The last line may be half a one. */
const linesOfWhole = async (file: string): Promise<string[]> =>
  (await readFile(file, 'utf8')).split('\n').slice(0, -1)

test('rows of CSV are answered by one arm on standard output; faulty ones are told, and what is there is kept', async () => {
  const gateway = await start()
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
  for (const [args, says] of [
    [[`--in=${input}`, `--out=${there}`, gateway], 'is there and is not of a batch'],
    [[`--in=${input}`, '--out=-'], 'either --gateway'],
    [[`--in=${input}`, '--out=-', '--arm=nobody', gateway], 'has no arm nobody: there are logistic, tree'],
  ] as const) {
    const refused = await batch(args).ended
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining(says)])
  }
  expect(await readFile(there, 'utf8')).toBe('mine')
})
