import { createEncoding, type Encoding } from '../../bandit/index.ts'
import type { DecisionLine, SnapshotLine } from './schema.ts'

/** How the endpoint turned contexts into numbers; undefined where it declared none. */
export function encodingOf({ learning }: SnapshotLine): Encoding | undefined {
  const logged = learning['encoding'] as Pick<Encoding, 'schema'> | undefined
  return logged && createEncoding(logged.schema)
}

/**
 * The context of the decision, encoded as its endpoint did.
 *
 * @throws Error when it is not in the line as the endpoint took it
 */
export function featuresOf({ key, context }: DecisionLine, encoding: Encoding): Float64Array {
  const encoded = encoding.encode(context)
  if (encoded.status !== 'encoded') throw new Error(`the context of decision ${key}: ${encoded.detail}`)
  return encoded.features
}
