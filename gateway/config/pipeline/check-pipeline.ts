import { BlockFault, compileBlock } from '../../pipeline/compile-block.ts'
import type { CrossFault } from '../cross-fault.ts'
import type { Path } from '../reading/positions.ts'
import { preprocess as preprocessSchema } from './preprocess-schema.ts'
import { partOf } from '../reading/raw.ts'
import { stepName, toStep } from './to-preprocess.ts'

/** Every block is made ready, as it will be when the gateway starts. */
export function* checkPipeline(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const shape = preprocessSchema.safeParse(partOf(endpoint, 'preprocess'))
  if (!shape.success) return
  const { tensors, models, module } = shape.data
  if (tensors === undefined && (models === undefined || module !== undefined)) {
    const message = 'say what becomes of the fields: add tensors'
    yield { path: [...path, 'preprocess'], message: models === undefined ? `${message}, or models` : message }
  }
  for (const [tensor, blocks] of Object.entries(tensors ?? {})) {
    for (const [at, { columns, steps }] of blocks.entries()) {
      const where = [...path, 'preprocess', 'tensors', tensor, at]
      const nameless = steps.findIndex((step) => stepName(step) === undefined)
      if (nameless >= 0) {
        const message = 'a step is one thing, such as { clip: [0, 100] }: give exactly one'
        yield { path: [...where, 'steps', nameless], message }
        continue
      }
      const scaled = steps.findIndex((step) => step.scale !== undefined && !isScale(step.scale))
      if (scaled >= 0) {
        const message = 'expected mean and deviation, or min and max'
        yield { path: [...where, 'steps', scaled, 'scale'], message }
        continue
      }
      try {
        compileBlock({ columns, steps: steps.map(toStep) })
      } catch (error) {
        if (!(error instanceof BlockFault)) throw error
        yield { path: [...where, 'steps', error.step], message: error.message }
      }
    }
  }
}

function isScale(scale: Readonly<Record<string, unknown>>): boolean {
  const has = (name: string) => scale[name] !== undefined
  const byRange = has('min') && has('max') && !has('mean') && !has('deviation')
  return byRange || ((has('mean') || has('deviation')) && !has('min') && !has('max'))
}
