/** Loads models whose bytes were changed, one after the other, and tells its parent what became of each. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { takeModel } from '../../../gateway/repository/take-model.ts'
import { openOnnxModel } from '../../../model-workers/onnx.ts'
import { warmUp } from '../../../model-workers/warm-up.ts'

export interface MutantOutcome {
  readonly number: number
  readonly outcome: 'begun' | 'refused' | 'not loaded' | 'loaded'
}

const [dir, from, to, ...models] = process.argv.slice(2) as [string, string, string, ...string[]]
const originals = await Promise.all(models.map((path) => readFile(path)))
const tell = (number: number, outcome: MutantOutcome['outcome']): Promise<void> =>
  new Promise((resolve) => {
    process.send!({ number, outcome } satisfies MutantOutcome, () => resolve())
  })

const path = join(dir, 'mutant.onnx')
for (let number = Number(from); number < Number(to); number++) {
  await writeFile(path, mutate(originals[number % originals.length]!, number))
  await tell(number, 'begun')
  await tell(number, typeof (await takeModel({ path })) === 'string' ? 'refused' : await load(path))
}
process.disconnect!()

async function load(path: string): Promise<'loaded' | 'not loaded'> {
  try {
    const logger = { warn: () => undefined }
    const model = await openOnnxModel({ path, name: 'm', version: '1', logger })
    await warmUp(model)
    await model.close()
    return 'loaded'
  } catch {
    return 'not loaded'
  }
}

/** Some bytes are others, or a piece is missing or there twice. */
function mutate(original: Buffer, seed: number): Buffer {
  const generator = xoroshiro128plus(seed)
  const below = (limit: number): number => Math.floor(uniformFloat64(generator) * limit)
  const bytes = Buffer.from(original)
  const at = below(bytes.length)
  const length = 1 + below(Math.min(4096, bytes.length - at))
  switch (below(4)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
    case 2:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)])
    default:
      // The head says what the model is; the rest is mostly weights.
      for (let change = below(20); change >= 0; change--) {
        const end = below(20) === 0 ? Math.min(2048, bytes.length) : bytes.length
        bytes[below(end)] = below(256)
      }
      return bytes
  }
}
