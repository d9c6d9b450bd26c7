import * as z from 'zod'

/** OpenFeature's remote evaluation protocol 0.3, as far as it is spoken here. */

export const evaluationRequest = z.looseObject({
  context: z
    .looseObject({ targetingKey: z.string().min(1).max(256).optional() })
    .meta({ description: 'What can be a feature is one; the rest is for other flags' }),
})

export const evaluation = z.strictObject({
  key: z.string(),
  value: z.unknown(),
  variant: z.string().meta({ description: 'Which arm was chosen' }),
  reason: z.enum(['SPLIT', 'TARGETING_MATCH']),
  metadata: z.strictObject({
    predictionId: z.string().meta({ description: 'Goes into feedback' }),
    propensity: z.number().min(0).max(1),
    policy: z.string(),
    degraded: z.boolean(),
  }),
})

export const evaluationFailure = z.strictObject({
  key: z.string(),
  errorCode: z.enum(['PARSE_ERROR', 'INVALID_CONTEXT', 'FLAG_NOT_FOUND', 'GENERAL']),
  errorDetails: z.string(),
})
