import type { Outputs } from '../../bandit/index.ts'
import type { Fields } from '../http/fields.ts'
import { describeFields, type FieldFacts } from './describe-fields.ts'
import type { PipelineConfig } from './pipeline-config.ts'
import { createPostprocess, type Postprocess } from './post/postprocess.ts'
import { createPreprocess, type Preprocess } from './preprocess.ts'
import { runBefore, type StepModule, type StepModules } from './step-module.ts'
import { parseTable, type Table } from './table.ts'

/** What stands between a request and the arms, and between the arms and the answer. The same online and in batch. */
export interface Pipeline {
  /** Absent where requests send tensors. */
  readonly before?: Before
  /** Absent where outputs are answered as they are. */
  readonly after?: After
}

export interface Before extends Pick<Preprocess, 'misfit' | 'toTensors'> {
  /** That requests may send. */
  readonly fields: readonly FieldFacts[]
  /** @throws GatewayError unknown_input, invalid_input, row_mismatch */
  parse(inputs: Fields): Table
}

export interface After extends Pick<Postprocess, 'makes' | 'steps' | 'describe'> {
  /**
   * @param table what was asked; undefined where that were tensors
   * @throws OutputFault when the outputs are not what a step needs
   */
  run(outputs: Outputs, table: Table | undefined): Outputs
}

/** Compiled once; it keeps nothing of what goes through it. Undefined where there is nothing to do. */
export function createPipeline(
  config: PipelineConfig,
  modules: StepModules = new Map(),
): Pipeline | undefined {
  const after = config.postprocess && createPostprocess(config.postprocess, modules)
  const fetched = (config.features ?? []).flatMap(({ keys, features }) =>
    keys.concat(features.map(({ name }) => name)),
  )
  const own = config.preprocess?.module
  const parts: Parts = {
    after,
    known: fetched.concat(own?.fields ?? [], after?.fields ?? []),
    first: own && modules.get(own.file)!.before!,
    fields: describeFields(config),
  }
  const takesFields = config.preprocess !== undefined && config.preprocess.tensors.length > 0
  if (!takesFields && after === undefined) return undefined
  const before = takesFields ? createBefore(createPreprocess(config.preprocess), parts) : undefined
  return { ...(before && { before }), ...(after && { after }) }
}

interface Parts {
  readonly after: Postprocess | undefined
  /** Fields that are not those of the tensors. */
  readonly known: readonly string[]
  readonly first: StepModule['before']
  readonly fields: readonly FieldFacts[]
}

function createBefore(preprocess: Preprocess, { after, known, first, fields }: Parts): Before {
  const all = new Set([...preprocess.fields, ...known])
  return {
    fields,
    misfit: (specs) => preprocess.misfit(specs),
    parse: (inputs) => parseTable(inputs, all),
    toTensors(table, specs) {
      after?.check(table)
      return preprocess.toTensors(first === undefined ? table : runBefore(first, table), specs)
    },
  }
}
