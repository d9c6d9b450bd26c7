import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GatewayError, toProblem } from '../errors.ts'

/** A client with more has lost its way, or looks for one of ours. */
export const maxHeaders = 64

/** What is wrong with the head of a request before anything is read of it; undefined for nearly all. */
export function headFault({ url = '', rawHeaders }: IncomingMessage): GatewayError | undefined {
  // Names and values take turns.
  if (rawHeaders.length > 2 * maxHeaders) {
    return new GatewayError(
      'too_many_headers',
      `at most ${maxHeaders} headers are taken: send fewer`,
      closing,
    )
  }
  if (hosts(rawHeaders) > 1) {
    return new GatewayError('repeated_host', 'one Host header says for whom a request is: send one', closing)
  }
  if (!url.includes('%')) return undefined
  const query = url.indexOf('?')
  const bytes = decodePercent(query < 0 ? url : url.slice(0, query))
  if (bytes !== undefined && isUtf8(bytes) && !bytes.includes(0)) return undefined
  return new GatewayError('malformed_path', 'the path is not UTF-8 in percent-encoding: encode it', closing)
}

/** Node takes the first of several; what stands before the gateway may have gone by another (RFC 9112, 3.2). */
function hosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count
}

const closing = { headers: { connection: 'close' } }

/** Undefined where a percent sign is not followed by two digits. */
function decodePercent(path: string): Buffer | undefined {
  const parts = path.split('%')
  const decoded = parts.map((part, index) => {
    if (index === 0) return Buffer.from(part)
    const digits = part.slice(0, 2)
    if (!/^[0-9a-f]{2}$/i.test(digits)) return undefined
    return Buffer.concat([Buffer.from(digits, 'hex'), Buffer.from(part.slice(2))])
  })
  return decoded.includes(undefined) ? undefined : Buffer.concat(decoded as Buffer[])
}

export function sendProblem(response: ServerResponse, error: GatewayError): void {
  const body = JSON.stringify(toProblem(error))
  response.writeHead(error.status, {
    ...error.headers,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
