import * as z from 'zod'
import { datatypes } from '../../model-workers/protocol/types.ts'

/** The Open Inference Protocol v2 as it is spoken here, for those who write clients. */

const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional()
const shape = z.array(z.int())
const data = z.unknown().optional().meta({ description: 'Flat or nested; absent where it follows in binary' })
const described = { name: z.string(), datatype: z.enum(datatypes), shape }

export const inferenceRequest = z.looseObject({
  id: z.string().optional(),
  parameters: parameters.meta({
    description: 'key and context.<feature> for the policy; learn: true counts a version that was named',
  }),
  inputs: z.array(z.looseObject({ ...described, parameters, data })),
  outputs: z.array(z.looseObject({ name: z.string(), parameters })).optional(),
})

export const inferenceAnswer = z.strictObject({
  model_name: z.string(),
  model_version: z.string().optional().meta({ description: 'The arm that answered' }),
  id: z.string().optional(),
  parameters: parameters.meta({ description: 'prediction_id, arm, policy, propensity, degraded' }),
  outputs: z.array(z.strictObject({ ...described, parameters, data })),
})

export const inferenceError = z.strictObject({
  error: z.string().meta({ description: 'The header x-bandit-error-code has the stable code' }),
})

export const serverMetadata = z.strictObject({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
})

export const serverLive = z.strictObject({ live: z.literal(true) })
export const serverReady = z.strictObject({ ready: z.literal(true) })
export const modelList = z.strictObject({ models: z.array(z.string()) })
export const modelReady = z.strictObject({ name: z.string(), ready: z.literal(true) })

export const modelMetadata = z.strictObject({
  name: z.string(),
  versions: z.array(z.string()).meta({ description: 'The arms' }),
  platform: z.string(),
  inputs: z.array(z.strictObject(described)),
  outputs: z.array(z.strictObject(described)),
})

export const repositoryIndexRequest = z.looseObject({ ready: z.boolean().optional() })

export const repositoryIndex = z.array(
  z.strictObject({
    name: z.string(),
    version: z.string(),
    state: z.enum(['READY', 'UNAVAILABLE']),
    reason: z.string(),
  }),
)

export const repositoryChange = z.looseObject({
  parameters: z
    .looseObject({ version: z.string().optional().meta({ description: 'The arm; all when absent' }) })
    .optional(),
})

const duration = z.strictObject({ count: z.int(), ns: z.int() })

export const modelStatistics = z.strictObject({
  model_stats: z.array(
    z.strictObject({
      name: z.string(),
      version: z.string().meta({ description: 'The arm' }),
      last_inference: z.number().meta({ description: 'Milliseconds since 1970; 0 before the first' }),
      inference_count: z.int().meta({ description: 'Rows' }),
      execution_count: z.int().meta({ description: 'Calls that were answered' }),
      inference_stats: z.record(z.string(), duration),
      batch_stats: z.array(z.unknown()),
    }),
  ),
})

const configTensor = z.strictObject({ name: z.string(), data_type: z.string(), dims: shape })

export const modelConfig = z.strictObject({
  name: z.string(),
  platform: z.string(),
  backend: z.string(),
  max_batch_size: z.int().meta({ description: '0: dims are whole shapes, that of the rows included' }),
  version_policy: z.strictObject({ specific: z.strictObject({ versions: z.array(z.string()) }) }),
  input: z.array(configTensor),
  output: z.array(configTensor),
})
