import type { Tensor, TensorSpec } from '../../model-workers/protocol/types.ts'
import type { PreprocessConfig } from '../config/pipeline/pipeline.ts'
import { compileBlock } from './compile-block.ts'
import type { Table } from './table.ts'
import { tensorMisfit, toTensor } from './to-tensor.ts'

/** The way from a request's fields to the tensors of models. Pure: the same rows give the same bytes anywhere. */
export interface Preprocess {
  /** That it reads. */
  readonly fields: ReadonlySet<string>
  /** Why models with these inputs cannot be given what it makes; undefined where they can. */
  misfit(specs: readonly TensorSpec[]): string | undefined
  /**
   * In the order of `specs`, which it fits.
   *
   * @throws GatewayError missing_input, invalid_input, row_mismatch
   */
  toTensors(table: Table, specs: readonly TensorSpec[]): Tensor[]
}

/** @throws BlockFault */
export function createPreprocess({ tensors }: PreprocessConfig): Preprocess {
  const compiled = new Map(tensors.map(({ name, blocks }) => [name, blocks.map(compileBlock)]))
  const columns = tensors.flatMap(({ blocks }) => blocks.flatMap((block) => block.columns))

  return {
    fields: new Set(columns),
    misfit(specs) {
      const made = [...compiled.keys()].find((name) => specs.every((spec) => spec.name !== name))
      if (made !== undefined)
        return `there is no input "${made}" (${specs.map(({ name }) => name).join(', ')})`
      for (const spec of specs) {
        const blocks = compiled.get(spec.name)
        if (blocks === undefined) return `nothing makes its input "${spec.name}"`
        const misfit = tensorMisfit(
          spec,
          blocks.flatMap(({ headings }) => headings),
        )
        if (misfit !== undefined) return misfit
      }
      return undefined
    },
    toTensors: (table, specs) =>
      specs.map((spec) => {
        const blocks = compiled.get(spec.name) ?? []
        return toTensor(
          spec,
          blocks.flatMap((block) => block.run(table)),
          table,
        )
      }),
  }
}
