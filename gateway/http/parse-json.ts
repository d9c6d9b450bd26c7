import { isUtf8 } from 'node:buffer'
import { GatewayError } from '../errors.ts'
import { scanJson } from './scan-json.ts'

const maxDepth = 32

/**
 * The value that the bytes of a request stand for. Whole numbers too long for a double come as bigints, so that
 * 64-bit inputs keep all their digits.
 *
 * @throws GatewayError malformed_json, too_deep, too_many_keys
 */
export function parseJson(bytes: Buffer, { maxKeys }: { readonly maxKeys: number }): unknown {
  const { depth, keys, longIntegers } = scanJson(bytes)
  if (depth > maxDepth) {
    throw new GatewayError('too_deep', `lists and objects may be nested ${maxDepth} deep: flatten the body`)
  }
  if (keys > maxKeys) {
    throw new GatewayError(
      'too_many_keys',
      `the body has ${keys} keys, at most ${maxKeys} are taken: send less`,
    )
  }
  if (!isUtf8(bytes)) throw new GatewayError('malformed_json', 'the body is not UTF-8: encode it as UTF-8')
  const text = bytes.toString()
  try {
    return longIntegers ? JSON.parse(text, keepDigits) : JSON.parse(text)
  } catch (error) {
    throw new GatewayError('malformed_json', explain(error), { cause: error })
  }
}

/** No 64-bit integer has more than 20 characters; longer ones stay the doubles that they are refused as. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source ?? ''
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d{16,20}$/.test(source)
    ? BigInt(source)
    : value
}

/** The engine names line and column, or quotes the few characters around the place. */
function explain(error: unknown): string {
  const message = (error as SyntaxError).message.replace(/ at position \d+/, '')
  return `${message.slice(0, 200)}: send one complete JSON value`
}
