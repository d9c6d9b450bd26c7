import type { Outputs } from '../../bandit/index.ts'
import type { PreprocessConfig } from '../config/pipeline.ts'
import type { PostStepConfig } from '../config/postprocess.ts'
import type { Fields } from '../http/fields.ts'
import { createPostprocess, type Postprocess } from './post/postprocess.ts'
import { createPreprocess, type Preprocess } from './preprocess.ts'
import { parseTable, type Table } from './table.ts'

/** What stands between a request and the arms, and between the arms and the answer. The same online and in batch. */
export interface Pipeline {
  /** Absent where requests send tensors. */
  readonly before?: Before
  /** Absent where outputs are answered as they are. */
  readonly after?: After
}

export interface Before extends Pick<Preprocess, 'misfit' | 'toTensors'> {
  /** @throws GatewayError unknown_input, missing_input, invalid_input, row_mismatch */
  parse(inputs: Fields): Table
}

export interface After extends Pick<Postprocess, 'makes'> {
  /**
   * @param table what was asked; undefined where that were tensors
   * @throws OutputFault when the outputs are not what a step needs
   */
  run(outputs: Outputs, table: Table | undefined): Outputs
}

export interface PipelineConfig {
  readonly preprocess?: PreprocessConfig
  readonly postprocess?: readonly PostStepConfig[]
}

/** Compiled once; it keeps nothing of what goes through it. Undefined where there is nothing to do. */
export function createPipeline(config: PipelineConfig): Pipeline | undefined {
  if (config.preprocess === undefined && config.postprocess === undefined) return undefined
  const after = config.postprocess && createPostprocess(config.postprocess)
  const before = config.preprocess && createBefore(createPreprocess(config.preprocess), after)
  return { ...(before && { before }), ...(after && { after }) }
}

function createBefore(preprocess: Preprocess, after: Postprocess | undefined): Before {
  const known = new Set([...preprocess.fields, ...(after?.fields ?? [])])
  return {
    ...preprocess,
    parse(inputs) {
      const table = parseTable(inputs, known)
      after?.check(table)
      return table
    },
  }
}
