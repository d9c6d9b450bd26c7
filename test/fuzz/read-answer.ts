import { unzipSync } from 'node:zlib'
import type { FuzzAnswer } from './judge.ts'

/** What was read of a connection's bytes. */
export interface ReadAnswer {
  readonly answer: FuzzAnswer
  /** Bytes that it took. */
  readonly length: number
  /** Whether the server said that it is the last one here. */
  readonly isLast: boolean
}

/**
 * The first whole answer in `bytes`, held to the letter of RFC 9112; undefined where more has to come.
 *
 * @throws where it is no answer
 */
export function readAnswer(bytes: Buffer, method: string, hasEnded: boolean): ReadAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) {
    if (hasEnded && bytes.length > 0) throw new Error(`half an answer: ${bytes.toString('latin1', 0, 200)}`)
    return undefined
  }
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) [\w -]*$/.exec(first)?.[1])
  if (!(status >= 100)) throw new Error(`no answer: ${bytes.toString('latin1', 0, 200)}`)
  const headers = new Headers(lines.map((line) => [line.slice(0, line.indexOf(':')), after(line)]))
  const isLast = /close/i.test(headers.get('connection') ?? '')
  const isPacked = headers.has('content-encoding')
  const made = (content: Buffer | undefined, length: number): ReadAnswer => ({
    answer: { status, headers, text: (isPacked && content ? unzipSync(content) : content)?.toString() },
    length,
    isLast,
  })
  const body = bytes.subarray(end + 4)
  if (method === 'HEAD' || status === 204 || status === 304)
    return { ...made(undefined, end + 4), answer: { status, headers, text: '' } }
  // It goes on for as long as somebody listens.
  if (headers.get('content-type')?.startsWith('text/event-stream') === true)
    return { ...made(undefined, bytes.length), isLast: true }
  const length = headers.get('content-length')
  if (length !== null) {
    if (body.length < Number(length)) return ended(hasEnded)
    return made(body.subarray(0, Number(length)), end + 4 + Number(length))
  }
  if (headers.get('transfer-encoding') === 'chunked') {
    const found = readChunks(body)
    return found === undefined ? ended(hasEnded) : made(found.content, end + 4 + found.length)
  }
  return hasEnded ? made(body, bytes.length) : undefined
}

function after(line: string): string {
  return line.slice(line.indexOf(':') + 1).trim()
}

function ended(hasEnded: boolean): undefined {
  if (hasEnded) throw new Error('the connection ended within an answer')
}

function readChunks(body: Buffer): { readonly content: Buffer; readonly length: number } | undefined {
  const parts: Buffer[] = []
  for (let at = 0; ;) {
    const line = body.indexOf('\r\n', at)
    if (line < 0) return undefined
    const size = Number.parseInt(body.toString('latin1', at, line), 16)
    const next = line + 2 + size + 2
    if (!(size >= 0) || body.length < next) return undefined
    if (size === 0) return { content: Buffer.concat(parts), length: next }
    parts.push(body.subarray(line + 2, line + 2 + size))
    at = next
  }
}
