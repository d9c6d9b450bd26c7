import { isUtf8 } from 'node:buffer'
import { parseExact } from '../../model-workers/protocol/exact-integers.ts'
import { GatewayError } from '../errors.ts'
import { scanJson, type JsonScan } from './scan-json.ts'

const maxDepth = 32

export interface Json {
  readonly value: unknown
  /** The same with whole numbers beyond 2^53 as bigints, which keep all their digits. Parsed when asked for. */
  readonly exact: () => unknown
}

/**
 * What the bytes of a request stand for.
 *
 * @throws GatewayError malformed_json, too_deep, too_many_keys
 */
export function parseJson(bytes: Buffer, { maxKeys }: { readonly maxKeys: number }): Json {
  const { longIntegers } = checkJson(bytes, maxKeys)
  if (!isUtf8(bytes)) throw new GatewayError('malformed_json', 'the body is not UTF-8: encode it as UTF-8')
  const text = bytes.toString()
  try {
    const value: unknown = JSON.parse(text)
    return { value, exact: () => (longIntegers ? parseExact(text) : value) }
  } catch (error) {
    throw new GatewayError('malformed_json', explain(error), { cause: error })
  }
}

/**
 * Looks at JSON text before room is taken for its values.
 *
 * @throws GatewayError too_deep, too_many_keys
 */
export function checkJson(bytes: Uint8Array, maxKeys: number): JsonScan {
  const scan = scanJson(bytes)
  const { depth, keys } = scan
  if (depth > maxDepth) {
    throw new GatewayError('too_deep', `lists and objects may be nested ${maxDepth} deep: flatten the body`)
  }
  if (keys > maxKeys) {
    const detail = `the body has ${keys} keys, at most ${maxKeys} are taken: send less`
    throw new GatewayError('too_many_keys', detail)
  }
  return scan
}

/** The engine names line and column, or quotes the few characters around the place. */
function explain(error: unknown): string {
  const message = (error as SyntaxError).message.replace(/ at position \d+/, '')
  return `${message.slice(0, 200)}: send one complete JSON value`
}
