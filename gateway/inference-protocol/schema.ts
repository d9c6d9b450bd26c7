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
