import type { Context } from 'hono'
import { GatewayError } from '../errors.ts'

/**
 * The body of the request, never more than `limit` bytes of it in memory.
 *
 * @throws GatewayError body_too_large, broken_body
 */
export async function readBody(c: Context, limit: number): Promise<Buffer> {
  const length = c.req.header('content-length')
  if (length === undefined) return readStream(c, limit)
  if (!(Number(length) <= limit)) throw tooLarge(limit)
  // The HTTP parser holds the sender to the length it named, and arrayBuffer skips the detour over a stream.
  return checked(Buffer.from(await c.req.raw.arrayBuffer().catch(broken)), limit)
}

async function readStream(c: Context, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = c.req.raw.body?.getReader()
  for (;;) {
    const chunk = await reader?.read().catch(broken)
    if (chunk?.value === undefined) return Buffer.concat(chunks)
    size += chunk.value.byteLength
    if (size > limit) {
      await reader?.cancel()
      throw tooLarge(limit)
    }
    chunks.push(chunk.value)
  }
}

function checked(body: Buffer, limit: number): Buffer {
  if (body.byteLength > limit) throw tooLarge(limit)
  return body
}

export function tooLarge(limit: number): GatewayError {
  return new GatewayError('body_too_large', `at most ${limit} bytes are taken here: send less at once`, {
    headers: { connection: 'close' },
  })
}

function broken(cause: unknown): never {
  throw new GatewayError('broken_body', 'the connection ended before the body: send it again', { cause })
}
