import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'
import { armOfEdition } from '../decisions/editions.ts'
import type { Decision } from '../types.ts'

/**
 * The id that the client gets with a prediction and sends back with feedback. It carries the decision itself,
 * sealed, so that a reward can be attributed with nothing kept in the store.
 *
 * Bytes: version 1 · signing key 1 · decision key 12 · time 6 (ms) · propensity 8 (float64) · generation 4 ·
 * flags 1 · endpoint 1 + n · arm 1 + n · HMAC-SHA-256 over all before it, cut to 16. As base64url about 100
 * characters. The arm is its edition, where it has any. Between it and the HMAC are, where there are any, what the answer
 * cost (4, in versions 3 and 4) and where it is traced (trace id 16, span id 8, in versions 2 and 4).
 */
export interface PredictionIds {
  sign(decision: Decision): string
  /** Undefined when the id was not made by one of our keys, whatever is wrong with it. */
  verify(id: string): Claims | undefined
  /** From now on verifies with this key too; several may have one number. */
  accept(key: SigningKey): void
}

/**
 * What became of an id's only check, handed on with its feedback so that nobody makes it again; absent where the caller's
 * own id is meant, or nobody has looked yet.
 */
export type CheckedId = Claims | 'forged'

/** What a prediction id says of its decision. */
export type Claims = Pick<
  Decision,
  | 'key'
  | 'endpoint'
  | 'arm'
  | 'edition'
  | 'propensity'
  | 'decidedAt'
  | 'generation'
  | 'degraded'
  | 'trace'
  | 'penaltyMicro'
>

export interface SigningKey {
  /** 0 to 255, unique among the keys in use. */
  readonly id: number
  readonly secret: string
}

const plainVersion = 1
const tracedVersion = 2
const penalisedVersion = 3
const tracedPenalisedVersion = 4
const fixedBytes = 33
const traceBytes = 24
const penaltyBytes = 4
const macBytes = 16
/** Two names of 255 bytes at the most; anything longer cannot be ours and is not decoded. */
const maxBytes = fixedBytes + 2 + 510 + penaltyBytes + traceBytes + macBytes
const maxIdLength = Math.ceil((maxBytes * 4) / 3)

/** The first key signs; every key verifies, so that keys can be rotated. */
export function createPredictionIds(keys: readonly SigningKey[]): PredictionIds {
  const signing = keys[0]
  if (signing === undefined) throw new RangeError('at least one signing key is needed')
  const secrets = new Map<number, KeyObject[]>()
  const accept = ({ id, secret }: SigningKey) =>
    void secrets.set(id, [...(secrets.get(id) ?? []), createSecretKey(secret, 'utf8')])
  for (const key of keys) accept(key)
  const [secret] = secrets.get(signing.id)!
  // Written over by every id, which is text by the time the next one is made.
  const bytes = Buffer.alloc(maxBytes)

  return {
    accept,
    sign(decision) {
      const { trace, penaltyMicro } = decision
      bytes[0] = versionOf(decision)
      bytes[1] = signing.id
      bytes.write(decision.key, 2, 12, 'base64url')
      bytes.writeUIntBE(decision.decidedAt, 14, 6)
      bytes.writeDoubleBE(decision.propensity, 20)
      bytes.write(decision.generation, 28, 4, 'hex')
      bytes[32] = decision.degraded ? 1 : 0
      let end = writeName(bytes, fixedBytes, decision.endpoint)
      end = writeName(bytes, end, decision.edition ?? decision.arm)
      if (penaltyMicro !== undefined) end = bytes.writeUInt32BE(penaltyMicro, end)
      if (trace !== undefined) end += bytes.write(trace, end, traceBytes, 'hex')
      bytes.set(seal(secret!, bytes.subarray(0, end)), end)
      return bytes.toString('base64url', 0, end + macBytes)
    },

    verify(id) {
      if (id.length > maxIdLength) return undefined
      const bytes = Buffer.from(id, 'base64url')
      // Another spelling of the same bytes (padding, stray characters) is not the id that was given out.
      if (bytes.length <= fixedBytes + macBytes || bytes.toString('base64url') !== id) return undefined
      const numbered = secrets.get(bytes[1]!)
      const version = bytes[0]!
      if (version < plainVersion || version > tracedPenalisedVersion || numbered === undefined)
        return undefined
      const isTraced = version === tracedVersion || version === tracedPenalisedVersion
      const isPenalised = version >= penalisedVersion
      const end = bytes.length - macBytes
      const [sealed, mac] = [bytes.subarray(0, end), bytes.subarray(end)]
      if (!numbered.some((secret) => timingSafeEqual(mac, seal(secret, sealed)))) return undefined
      const endpointEnd = 34 + bytes[33]!
      const penaltyEnd = isTraced ? end - traceBytes : end
      const namesEnd = isPenalised ? penaltyEnd - penaltyBytes : penaltyEnd
      const edition = bytes.toString('utf8', endpointEnd + 1, namesEnd)
      const arm = armOfEdition(edition)
      return {
        key: bytes.toString('base64url', 2, 14),
        decidedAt: bytes.readUIntBE(14, 6),
        propensity: bytes.readDoubleBE(20),
        generation: bytes.toString('hex', 28, 32),
        degraded: bytes[32] === 1,
        endpoint: bytes.toString('utf8', 34, endpointEnd),
        arm,
        ...(arm !== edition && { edition }),
        ...(isPenalised && { penaltyMicro: bytes.readUInt32BE(namesEnd) }),
        ...(isTraced && { trace: bytes.toString('hex', penaltyEnd, end) }),
      }
    },
  }
}

function versionOf({ trace, penaltyMicro }: Pick<Decision, 'trace' | 'penaltyMicro'>): number {
  if (penaltyMicro === undefined) return trace === undefined ? plainVersion : tracedVersion
  return trace === undefined ? penalisedVersion : tracedPenalisedVersion
}

/** A byte for its length, then the name. Answers where it ends. */
function writeName(bytes: Buffer, at: number, name: string): number {
  const length = bytes.write(name, at + 1)
  bytes[at] = length
  return at + 1 + length
}

function seal(secret: KeyObject, bytes: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(bytes).digest().subarray(0, macBytes)
}
