import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../errors.ts'
import type { AppContext } from './request-info.ts'

/**
 * The body of the request, never more than `limit` bytes of it in memory.
 *
 * @throws GatewayError body_too_large, broken_body
 */
export async function readBody(c: AppContext, limit: number): Promise<Buffer> {
  const length = c.req.header('content-length')
  if (length !== undefined && !(Number(length) <= limit)) throw tooLarge(limit)
  const incoming = c.env?.incoming
  return incoming === undefined ? readStream(c.req.raw.body, limit) : readIncoming(incoming, limit)
}

/** By events, as the streams of the web cost as much as all else that is done with a small body. */
function readIncoming(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // It has ended before anybody listened, and will not say so again.
    if (incoming.destroyed) return reject(broken(incoming.errored))
    const chunks: Buffer[] = []
    let size = 0
    function collect(chunk: Buffer): void {
      size += chunk.length
      chunks.push(chunk)
      if (size <= limit) return
      incoming.off('data', collect).pause()
      reject(tooLarge(limit))
    }
    incoming.on('data', collect)
    incoming.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    incoming.once('error', (cause) => reject(broken(cause)))
  })
}

/** Of a request that came by no connection. */
async function readStream(body: Request['body'], limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body?.getReader()
  for (;;) {
    const chunk = await reader?.read().catch((cause: unknown) => {
      throw broken(cause)
    })
    if (chunk?.value === undefined) return Buffer.concat(chunks)
    size += chunk.value.byteLength
    if (size > limit) {
      await reader?.cancel()
      throw tooLarge(limit)
    }
    chunks.push(chunk.value)
  }
}

export function tooLarge(limit: number): GatewayError {
  return new GatewayError('body_too_large', `at most ${limit} bytes are taken here: send less at once`, {
    headers: { connection: 'close' },
  })
}

function broken(cause: unknown): GatewayError {
  return new GatewayError('broken_body', 'the connection ended before the body: send it again', { cause })
}
