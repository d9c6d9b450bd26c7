import type { Datatype, TensorSpec } from '../../model-workers/protocol/types.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import { jsonResponse } from '../http/json-response.ts'
import type { AppContext } from '../http/request-info.ts'
import { notReady } from '../predict/refusals.ts'
import type { ArmCounts } from '../upstream/arm-tally.ts'
import { createModels } from './find-model.ts'
import type { MetadataDeps } from './metadata.ts'
import { signatureOf } from './signature.ts'

type Handler = (this: void, c: AppContext) => Response

/** What Triton's clients ask beyond the protocol: its statistics and model configuration extensions. */
export function createTritonRoutes({ endpoints, random }: Pick<MetadataDeps, 'endpoints' | 'random'>): {
  readonly allStatistics: Handler
  readonly statistics: Handler
  readonly config: Handler
} {
  const models = createModels(endpoints)
  return {
    allStatistics: (c) =>
      jsonResponse(c, { model_stats: [...models.visible(c).values()].flatMap((each) => toStatistics(each)) }),
    statistics(c) {
      const { endpoint, arm } = models.find(c)
      return jsonResponse(c, { model_stats: toStatistics(endpoint, arm) })
    },
    config(c) {
      const { endpoint, arm } = models.find(c)
      const signature = signatureOf(endpoint, arm)
      if (signature === undefined) throw notReady(endpoint, random)
      return jsonResponse(c, {
        name: endpoint.name,
        platform: 'bandit-gateway',
        backend: '',
        // Then dims are whole shapes, that of the rows included.
        max_batch_size: 0,
        version_policy: { specific: { versions: [...endpoint.arms.keys()] } },
        input: signature.inputs.map(toConfigTensor),
        output: signature.outputs.map(toConfigTensor),
      })
    },
  }
}

/** Of each version, as seen from this gateway: calls are counted where they are answered, rows as inferences. */
function toStatistics({ name, settings, tally }: EndpointRuntime, arm?: string): object[] {
  const arms = arm === undefined ? settings.arms.map((each) => each.name) : [arm]
  return arms.map((version) => toCounts(name, version, tally.of(version)))
}

function toCounts(
  name: string,
  version: string,
  { answers, rows, answeredMs, failures, failedMs, lastAt }: ArmCounts,
): object {
  return {
    name,
    version,
    last_inference: lastAt,
    inference_count: rows,
    execution_count: answers,
    inference_stats: {
      success: duration(answers, answeredMs),
      fail: duration(failures, failedMs),
      // How long models took, and what waited for them, is in /metrics by model: arms share them.
      queue: duration(0, 0),
      compute_input: duration(0, 0),
      compute_infer: duration(0, 0),
      compute_output: duration(0, 0),
      cache_hit: duration(0, 0),
      cache_miss: duration(0, 0),
    },
    batch_stats: [],
  }
}

function duration(count: number, ms: number): object {
  return { count, ns: Math.round(ms * 1e6) }
}

function toConfigTensor({ name, datatype, shape }: TensorSpec): object {
  return { name, data_type: toDataType(datatype), dims: shape }
}

function toDataType(datatype: Datatype): string {
  return datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${datatype}`
}
