import type { Context } from 'hono'
import { GatewayError } from '../errors.ts'

export type BodyFormat = 'json' | 'ndjson'

const formats: Readonly<Record<string, BodyFormat>> = {
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
}

// The connection is closed with the refusal, as the body is never read.
const closing = { connection: 'close' }

/**
 * How the body is written, as its headers say.
 *
 * @throws GatewayError unsupported_media_type, unsupported_encoding
 */
export function bodyFormat(c: Context, accepted: readonly BodyFormat[]): BodyFormat {
  const encoding = c.req.header('content-encoding')
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new GatewayError('unsupported_encoding', 'compressed bodies are not read: send the body as it is', {
      headers: { ...closing, 'accept-encoding': 'identity' },
    })
  }
  const format = parseContentType(c.req.header('content-type'))
  if (format === undefined || !accepted.includes(format)) {
    const wanted = accepted.map((format) => Object.keys(formats).find((type) => formats[type] === format))
    throw new GatewayError(
      'unsupported_media_type',
      `send the body in UTF-8 under the content type ${wanted.join(' or ')}`,
      { headers: closing },
    )
  }
  return format
}

function parseContentType(header: string | undefined): BodyFormat | undefined {
  if (header === 'application/json') return 'json'
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';')
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='))
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return undefined
  const name = type.trim()
  return Object.hasOwn(formats, name) ? formats[name] : undefined
}
