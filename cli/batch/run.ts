import { holdFile } from '../../bandit/index.ts'
import { createAsk } from './ask.ts'
import { createClient } from './client.ts'
import { inOrder } from './in-order.ts'
import { BatchFault } from './batch-fault.ts'
import { createPipe, openOutput } from './output.ts'
import { createBatchProgress, type Terminal } from './progress.ts'
import { openRows, type Row } from './read-rows.ts'
import { reachGateway } from './reach-gateway.ts'
import { whereFrom } from './where-from.ts'

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
  using _held = holdOutput(out)
  const from = await whereFrom(options)
  const size = from.mark?.size
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

/** Two runs at once, as of a schedule that comes too soon, would write over each other. */
function holdOutput(out: string): Disposable {
  const letGo = out === '-' ? () => {} : holdFile(`${out}.lock`)
  if (letGo === undefined) throw new BatchFault(`another run is writing ${out}: wait until it has ended`)
  return { [Symbol.dispose]: letGo }
}

function formatOf({ format, in: file }: BatchOptions): 'ndjson' | 'csv' {
  return format ?? (file.toLowerCase().endsWith('.csv') ? 'csv' : 'ndjson')
}

function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
