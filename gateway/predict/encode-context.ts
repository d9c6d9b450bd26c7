import type { Context, Encoding } from '../../bandit/index.ts'
import { GatewayError, type ErrorCode } from '../errors.ts'
import { escapePointer } from '../http/fields.ts'

/**
 * The numbers that a request's context becomes; undefined where the endpoint declares none, whatever was sent.
 *
 * @throws GatewayError unknown_field, missing_field, invalid_field
 */
export function encodeContext(
  encoding: Encoding | undefined,
  context: Context | undefined,
): Float64Array | undefined {
  if (encoding === undefined) return undefined
  const encoded = encoding.encode(context)
  if (encoded.status === 'encoded') return encoded.features
  throw new GatewayError(codes[encoded.status], encoded.detail, {
    pointer: `/context/${escapePointer(encoded.feature)}`,
  })
}

const codes = {
  unknown: 'unknown_field',
  missing: 'missing_field',
  invalid: 'invalid_field',
} as const satisfies Record<string, ErrorCode>
