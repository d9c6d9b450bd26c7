import { randomUUID } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BatchFault } from './batch-fault.ts'
import { markOf } from './input-mark.ts'
import { progressFileOf, readProgress, type Progress } from './output.ts'

interface Files {
  readonly endpoint: string
  readonly in: string
  readonly out: string
  readonly run?: string
  readonly restart?: true
}

/**
 * Where the answers of these rows go on, or begin.
 *
 * @throws BatchFault where what is there is of something else
 */
export async function whereFrom({ endpoint, in: input, out, run, restart }: Files): Promise<Progress> {
  const file = input === '-' ? '-' : resolve(input)
  if (input !== '-' && out !== '-' && (await isSame(input, out)))
    throw new BatchFault(`${out} is what the rows are read from: name another file for the answers`)
  const begin = {
    run: run ?? randomUUID(),
    endpoint,
    in: file,
    rows: 0,
    bytes: 0,
    refused: 0,
    finished: false,
    ...(input !== '-' && { mark: await markOf(input) }),
  }
  if (out === '-' || restart === true) return begin
  const known = await readProgress(out)
  const size = await sizeOf(out)
  if (known === undefined) {
    if (size === 0) return begin
    throw new BatchFault(
      `${out} is there and is not of a batch: name another file, or --restart overwrites it`,
    )
  }
  const differs = await differenceOf(known, { endpoint, file, run })
  if (differs !== undefined) {
    throw new BatchFault(
      `${progressFileOf(out)} is of another ${differs}: name another file, or --restart overwrites it`,
    )
  }
  if (size < known.bytes) {
    throw new BatchFault(
      `${out} holds ${size} bytes, and ${known.bytes} were written: put it back, or --restart begins anew`,
    )
  }
  return known
}

async function differenceOf(
  known: Progress,
  {
    endpoint,
    file,
    run,
  }: { readonly endpoint: string; readonly file: string; readonly run: string | undefined },
): Promise<'endpoint' | 'input' | 'run' | undefined> {
  if (known.endpoint !== endpoint) return 'endpoint'
  if (known.in !== file) return 'input'
  if (run !== undefined && run !== known.run) return 'run'
  if (known.mark === undefined) return undefined
  const { size, head } = await markOf(file, known.mark)
  const isOther = head !== known.mark.head || size < known.mark.size
  return isOther || (known.finished && size !== known.mark.size) ? 'input' : undefined
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

async function isSame(input: string, out: string): Promise<boolean> {
  const [one, other] = await Promise.all(
    [input, out].map((path) => realpath(path).catch(() => resolve(path))),
  )
  return one === other
}
