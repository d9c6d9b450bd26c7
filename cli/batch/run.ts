import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createAsk } from './ask.ts'
import { createClient } from './client.ts'
import { inOrder } from './in-order.ts'
import { createPipe, openOutput, progressFileOf, readProgress, type Progress } from './output.ts'
import { createBatchProgress, type Terminal } from './progress.ts'
import { openRows, type Row } from './read-rows.ts'
import { reachGateway } from './reach-gateway.ts'

export interface BatchOptions {
  readonly endpoint: string
  readonly in: string
  readonly out: string
  readonly format?: 'ndjson' | 'csv'
  readonly gateway?: string
  readonly config?: string
  readonly arm: string
  readonly run?: string
  readonly concurrency: number
  readonly syncEvery: number
  readonly restart?: true
  readonly fast?: true
}

export interface BatchDeps {
  /** Stops it at the next row, with what was done kept. */
  readonly signal: AbortSignal
  readonly key: string | undefined
  readonly terminal: Terminal
  readonly note: (line: string) => void
}

/** What went wrong before the first row, or made going on pointless; said in one line. */
class BatchFault extends Error {}

/** Exit codes: 0 every row answered, 1 it was broken off, 2 finished with rows that were refused. */
export async function runBatch(options: BatchOptions, deps: BatchDeps): Promise<number> {
  try {
    return await run(options, deps)
  } catch (error) {
    const goOn = options.out === '-' ? '' : '; the same command goes on'
    if (deps.signal.aborted) deps.note(`bandit: stopped${goOn}`)
    else deps.note(`bandit: ${(error as Error).message}${error instanceof BatchFault ? '' : goOn}`)
    return 1
  }
}

async function run(options: BatchOptions, { signal, key, terminal, note }: BatchDeps): Promise<number> {
  const { endpoint, out, concurrency, syncEvery } = options
  const { size } = options.in === '-' ? { size: undefined } : await factsOf(options.in)
  const from = await whereFrom(options)
  if (from.finished) {
    note(`${out} is finished, with ${from.rows} rows: --restart begins anew`)
    return 0
  }
  await using gateway = await reachGateway(options, signal)
  const client = createClient({ origin: gateway.origin, key, concurrency, signal, note })
  await using _closing = { [Symbol.asyncDispose]: () => client.close() }
  const ask = await createAsk({
    client,
    endpoint,
    run: from.run,
    arm: from.rows > 0 ? from.arm : wanted(options),
    isFast: options.fast === true,
  })
  const source = openRows(options.in, formatOf(options))
  const output = out === '-' ? createPipe(writeOut) : await openOutput(out, { ...from, arm: ask.arm })
  const progress = createBatchProgress(terminal, () => performance.now())
  let { rows, refused } = from
  try {
    for await (const { line, isRefused } of inOrder(after(source.rows, rows, signal), concurrency, ask.row)) {
      await output.write(line)
      rows++
      if (isRefused) refused++
      if (rows % syncEvery === 0) await output.checkpoint({ rows, refused, finished: false })
      progress.show(rows, size === undefined ? undefined : Math.min(1, source.bytes() / size))
    }
    signal.throwIfAborted()
    await output.checkpoint({ rows, refused, finished: true })
  } catch (error) {
    await output.checkpoint({ rows, refused, finished: false })
    throw error
  } finally {
    progress.clear()
    await output.close()
  }
  note(
    `${rows} rows answered by ${ask.arm ?? 'the policy'}${refused > 0 ? `, ${refused} of them refused` : ''}`,
  )
  return refused > 0 ? 2 : 0
}

const wanted = ({ arm }: BatchOptions): string | undefined => (arm === 'policy' ? undefined : arm)

/** The rows that are not answered yet. Those that are are read over: their number is what their ids are made of. */
async function* after(rows: AsyncIterable<Row>, first: number, signal: AbortSignal): AsyncGenerator<Row> {
  for await (const row of rows) {
    if (signal.aborted) return
    if (row.number >= first) yield row
  }
}

async function whereFrom(options: BatchOptions): Promise<Progress> {
  const { endpoint, out, run, restart } = options
  const file = options.in === '-' ? '-' : resolve(options.in)
  const begin = {
    run: run ?? randomUUID(),
    endpoint,
    in: file,
    rows: 0,
    bytes: 0,
    refused: 0,
    finished: false,
  }
  if (out === '-' || restart === true) return begin
  const known = await readProgress(out)
  if (known === undefined) {
    const isThere = await stat(out).then(
      ({ size }) => size > 0,
      () => false,
    )
    if (!isThere) return begin
    throw new BatchFault(
      `${out} is there and is not of a batch: name another file, or --restart overwrites it`,
    )
  }
  const differs =
    known.endpoint !== endpoint
      ? 'endpoint'
      : known.in !== file
        ? 'input'
        : run !== undefined && run !== known.run
          ? 'run'
          : undefined
  if (differs === undefined) return known
  throw new BatchFault(
    `${progressFileOf(out)} is of another ${differs}: name another file, or --restart overwrites it`,
  )
}

async function factsOf(file: string): Promise<{ readonly size: number }> {
  return stat(file).catch((error: Error) => {
    throw new BatchFault(`cannot read the rows: ${error.message}`)
  })
}

function formatOf({ format, in: file }: BatchOptions): 'ndjson' | 'csv' {
  return format ?? (file.toLowerCase().endsWith('.csv') ? 'csv' : 'ndjson')
}

function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
