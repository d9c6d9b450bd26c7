import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { Body } from './body.ts'
import { toBody } from './csv-row.ts'

export interface Row {
  /** From 0. */
  readonly number: number
  /** What it says; why it says nothing where it cannot be read. */
  readonly body: Body | { readonly unreadable: string }
}

export interface Source {
  /** Bytes read so far. */
  readonly bytes: () => number
  readonly rows: AsyncIterable<Row>
}

export function openRows(file: string, format: 'ndjson' | 'csv'): Source {
  const read = file === '-' ? undefined : createReadStream(file)
  const stream = read ?? process.stdin
  return { bytes: () => read?.bytesRead ?? 0, rows: format === 'csv' ? csvRows(stream) : ndjsonRows(stream) }
}

/** A line is the body of a request, or its inputs alone. Blank lines are no rows. */
async function* ndjsonRows(stream: Readable): AsyncGenerator<Row> {
  let number = 0
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    if (line.trim() !== '') yield { number: number++, body: parseLine(line) }
  }
}

function parseLine(line: string): Row['body'] {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { unreadable: 'the line is not an object' }
    return 'inputs' in value ? { ...value } : { inputs: value }
  } catch (error) {
    return { unreadable: `the line is not JSON: ${(error as Error).message}` }
  }
}

interface ParsedRow {
  readonly record: Readonly<Record<string, string>>
  readonly info: { readonly error?: Error }
}

async function* csvRows(stream: Readable): AsyncGenerator<Row> {
  let number = 0
  // Rows of another number of cells come as they are, each with its fault.
  const parser = parse({
    columns: true,
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    info: true,
  })
  stream.on('error', (error) => parser.destroy(error))
  for await (const { record, info } of stream.pipe(parser) as AsyncIterable<ParsedRow>) {
    const body = info.error === undefined ? toBody(record) : { unreadable: info.error.message }
    yield { number: number++, body }
  }
}
