import type { Tensor, TensorSpec } from '../../model-workers/protocol/types.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import type { FeatureReport } from '../features/enrich.ts'
import type { Fields } from '../http/fields.ts'
import type { Before } from '../pipeline/pipeline.ts'
import type { Table } from '../pipeline/table.ts'

/** Tensors, and what they were made of. */
export interface Prepared {
  readonly inputs: readonly Tensor[]
  readonly table: Table
  /** What was not known of the rows. */
  readonly features: FeatureReport | undefined
}

/**
 * From the fields of a request to what the arms take.
 *
 * @throws GatewayError unknown_input, missing_input, invalid_input, row_mismatch
 */
export async function prepare(
  before: Before,
  { enrich }: Pick<EndpointRuntime, 'enrich'>,
  inputs: Fields,
  specs: readonly TensorSpec[],
): Promise<Prepared> {
  const sent = before.parse(inputs)
  const { table, report } = enrich === undefined ? { table: sent, report: undefined } : await enrich(sent)
  return { inputs: before.toTensors(table, specs), table, features: report }
}
