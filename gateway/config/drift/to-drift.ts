import { resolve } from 'node:path'
import { parseSignal } from '../../monitoring/drift/signal.ts'
import type { DriftConfig } from '../endpoint-config.ts'
import type { DriftInput } from './drift-schema.ts'

/** First predictions that a file leaves an arm to be compared with when it has nothing on it. */
const standard = 1000

/** `label` is the output that predictions are judged by, where there is one. */
export function toDrift(input: DriftInput, label: string | undefined, folder: string): DriftConfig {
  const { inputs = [], outputs = label === undefined ? [] : [label], reference } = input
  return {
    signals: [
      ...inputs.map((name) => parseSignal(name, 'input')!),
      ...outputs.map((name) => parseSignal(name, 'output')!),
    ],
    first: typeof reference === 'number' ? reference : standard,
    file: typeof reference === 'number' ? undefined : resolve(folder, reference),
    windowMs: input.window,
    threshold: input.threshold,
    sample: input.sample,
  }
}
