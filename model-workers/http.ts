import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** An answer before it is sent. */
export interface Reply {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  readonly body: Uint8Array | string
}

/** The protocol's error body is always `{"error": string}`. */
export class HttpFault extends Error {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  constructor(status: number, message: string, headers: OutgoingHttpHeaders = {}) {
    super(message)
    this.name = 'HttpFault'
    this.status = status
    this.headers = headers
  }
}

export function jsonReply(value: unknown, status = 200, headers: OutgoingHttpHeaders = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) }
}

export function sendReply(response: ServerResponse, { status, headers, body }: Reply, close: boolean): void {
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(body),
    ...(close ? { connection: 'close' } : {}),
  })
  response.end(body)
}

/** Throws an HttpFault: 413 beyond `maxBytes`, 415 for a compressed body. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  if (request.headers['content-encoding'] !== undefined) {
    throw new HttpFault(415, 'compressed bodies are not served: send it without Content-Encoding')
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const chunks: Buffer[] = []
  let size = 0
  // Kept open on a way out by a fault, as the answer goes through the same socket.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)
}

/** The rest of the body will not be read, so the connection cannot be used again. */
function tooLarge(maxBytes: number): HttpFault {
  return new HttpFault(413, `the body is larger than ${maxBytes} bytes: send less at once`, {
    connection: 'close',
  })
}
