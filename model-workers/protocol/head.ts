import { isUtf8 } from 'node:buffer'
import { parseExact } from './exact-integers.ts'
import { ProtocolFault } from './faults.ts'
import type { Parameters } from './types.ts'

/** A JSON object whose members have not been looked at. */
export type JsonObject = Readonly<Record<string, unknown>>

export interface Head {
  readonly json: JsonObject
  /** The same with the exact digits of whole numbers that JSON.parse has rounded, as bigints. */
  exactJson(): JsonObject
}

export interface Body {
  /** JSON. */
  readonly head: Buffer
  /** Raw tensors behind the head; empty when the whole body is JSON. */
  readonly binary: Uint8Array
}

export const headerLengthName = 'inference-header-content-length'

/** How long the answer is waited for, in whole milliseconds from when the request was sent. */
export const timeoutName = 'bandit-timeout-ms'

/**
 * The value of the header of that name, undefined when it was not sent.
 *
 * @throws ProtocolFault unless it is a whole number
 */
export function readHeaderLength(header: string | readonly string[] | undefined): number | undefined {
  if (header === undefined) return undefined
  if (typeof header === 'string' && /^\d{1,10}$/.test(header)) return Number(header)
  throw new ProtocolFault('bad_header_length', 'Inference-Header-Content-Length must be one whole number')
}

/**
 * Splits a body into its JSON head and the raw bytes behind it.
 *
 * @param headerLength the Inference-Header-Content-Length header; undefined = the whole body is JSON
 * @throws ProtocolFault
 */
export function splitBody(headerLength: number | undefined, body: Uint8Array): Body {
  const length = headerLength ?? body.length
  if (length === 0 && body.length > 0) {
    throw new ProtocolFault(
      'unsupported',
      'raw requests without a JSON head are not served: name inputs in a head',
    )
  }
  if (!Number.isInteger(length) || length < 0 || length > body.length) {
    throw new ProtocolFault(
      'bad_header_length',
      `Inference-Header-Content-Length ${length} does not fit a body of ${body.length} bytes`,
    )
  }
  return { head: Buffer.from(body.buffer, body.byteOffset, length), binary: body.subarray(length) }
}

/** @throws ProtocolFault unless it is one JSON object in UTF-8 */
export function parseHead(head: Buffer): Head {
  if (!isUtf8(head)) throw new ProtocolFault('bad_json', 'the JSON head is not UTF-8 text')
  const text = head.toString()
  const json = parseObject(text)
  let exact: JsonObject | undefined
  return {
    json,
    exactJson: () => (exact ??= /\d{16}/.test(text) ? (parseExact(text) as JsonObject) : json),
  }
}

function parseObject(text: string): JsonObject {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new ProtocolFault('bad_json', `the JSON head cannot be parsed: ${(cause as Error).message}`, {
      cause,
    })
  }
  return asObject(json, 'the JSON head')
}

export function asObject(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw new ProtocolFault('bad_message', `${what} must be a JSON object`)
}

export function asList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new ProtocolFault('bad_message', `${what} must be a list`)
}

export function asName(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new ProtocolFault('bad_message', `${what} must be a string that is not empty`)
}

export function asOptionalString(value: unknown, what: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw new ProtocolFault('bad_message', `${what} must be a string`)
}

export function asParameters(value: unknown, what: string): Parameters | undefined {
  if (value === undefined) return undefined
  const parameters = asObject(value, what)
  for (const [name, parameter] of Object.entries(parameters)) {
    if (!isParameter(parameter)) {
      throw new ProtocolFault('bad_message', `${what}.${name} must be a string, a number or a boolean`)
    }
  }
  return parameters as Parameters
}

/** The members that are parameters; servers are known to put more there, which is none of our business. */
export function pickParameters(value: unknown, what: string): Parameters | undefined {
  if (value === undefined || value === null) return undefined
  const members = Object.entries(asObject(value, what)).filter(([, parameter]) => isParameter(parameter))
  return Object.fromEntries(members) as Parameters
}

function isParameter(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
