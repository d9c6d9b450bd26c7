import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const examples = join(import.meta.dirname, '..', '..', 'examples', 'digits')

export type DigitsModel = 'logistic' | 'forest' | 'boosting' | 'network' | 'tree' | 'robust'

export const modelPath = (name: DigitsModel): string => join(examples, 'models', `${name}.onnx`)

/** The held-out images of the example, with what they show. */
export const images = readFileSync(join(examples, 'stream.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly pixels: readonly number[]; readonly label: number })
