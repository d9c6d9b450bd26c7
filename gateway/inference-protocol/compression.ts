import { promisify } from 'node:util'
import { deflate, gunzip, gzip, inflate } from 'node:zlib'
import { GatewayError } from '../errors.ts'
import { tooLarge } from '../http/read-body.ts'

export type Compression = 'gzip' | 'deflate'

const compressors = { gzip: promisify(gzip), deflate: promisify(deflate) }
const decompressors = { gzip: promisify(gunzip), deflate: promisify(inflate) }

/** Smaller answers are sent as they are: compressing them costs more than it saves. */
const leastBytes = 1024

/**
 * The body as it was before its sender compressed it, never more than `limit` bytes of it in memory.
 *
 * @throws GatewayError unsupported_encoding, body_too_large, broken_body
 */
export async function decompress(body: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity') return body
  if (name !== 'gzip' && name !== 'deflate') {
    throw new GatewayError('unsupported_encoding', 'compress the body with gzip or deflate, or not at all', {
      headers: { 'accept-encoding': 'gzip, deflate' },
    })
  }
  try {
    return await decompressors[name](body, { maxOutputLength: limit })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw new GatewayError('broken_body', `the body is not ${name} data: send it again`, { cause })
  }
}

export async function compress(body: Buffer, compression: Compression): Promise<Buffer> {
  return compressors[compression](body)
}

/** How an answer of so many bytes is to be compressed; undefined = not at all. */
export function chooseCompression(accepted: string | undefined, bytes: number): Compression | undefined {
  if (accepted === undefined || bytes < leastBytes) return undefined
  const names = new Set(accepted.toLowerCase().split(',').flatMap(nameOf))
  return (['gzip', 'deflate'] as const).find((name) => names.has(name))
}

/** Nothing where the client says that it does not want it. */
function nameOf(entry: string): string[] {
  const [name = '', quality = ''] = entry.split(';').map((part) => part.trim())
  return /^q=0(\.0*)?$/.test(quality) ? [] : [name]
}
