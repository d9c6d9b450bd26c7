import type { Tensor, TensorSpec } from '../../model-workers/protocol/types.ts'
import type { PreprocessConfig } from '../config/pipeline.ts'
import type { Fields } from '../http/fields.ts'
import { createPreprocess } from './preprocess.ts'
import { parseTable, type Table } from './table.ts'

/** What is done to a request before an arm sees it. The same online and in batch. */
export interface Pipeline {
  /** @throws GatewayError unknown_input, invalid_input, row_mismatch */
  parse(inputs: Fields): Table
  /** Why models with these inputs cannot be given what it makes; undefined where they can. */
  misfit(specs: readonly TensorSpec[]): string | undefined
  /** @throws GatewayError missing_input, invalid_input, row_mismatch */
  toTensors(table: Table, specs: readonly TensorSpec[]): Tensor[]
}

/** Compiled once; it keeps nothing of what goes through it. */
export function createPipeline(config: { readonly preprocess: PreprocessConfig }): Pipeline {
  const preprocess = createPreprocess(config.preprocess)
  return {
    parse: (inputs) => parseTable(inputs, preprocess.fields),
    misfit: (specs) => preprocess.misfit(specs),
    toTensors: (table, specs) => preprocess.toTensors(table, specs),
  }
}
