import * as z from 'zod'
import { armChange } from '../controls/schema.ts'
import { consoleUpdate } from '../console/schema.ts'
import { arm } from '../endpoints/arm-schema.ts'
import { endpoint } from '../endpoints/schema.ts'
import { feedback, feedbackAnswer, feedbackLater, feedbackReport } from '../feedback/schema.ts'
import { inferenceAnswer, inferenceError, inferenceRequest } from '../inference-protocol/schema.ts'
import { evaluation, evaluationFailure, evaluationRequest } from '../ofrep/schema.ts'
import { decideAnswer, decideRequest, predictAnswer, predictRequest } from '../predict/schema.ts'
import { problem } from './problem-schema.ts'

/** Schemas with a name of their own in the document. */
const named: Readonly<Record<string, z.ZodType>> = {
  PredictRequest: predictRequest,
  PredictAnswer: predictAnswer,
  DecideRequest: decideRequest,
  DecideAnswer: decideAnswer,
  EvaluationRequest: evaluationRequest,
  Evaluation: evaluation,
  EvaluationFailure: evaluationFailure,
  InferenceRequest: inferenceRequest,
  InferenceAnswer: inferenceAnswer,
  InferenceError: inferenceError,
  Feedback: feedback,
  FeedbackAnswer: feedbackAnswer,
  FeedbackLater: feedbackLater,
  FeedbackReport: feedbackReport,
  ArmChange: armChange,
  Arm: arm,
  Endpoint: endpoint,
  ConsoleUpdate: consoleUpdate,
  Problem: problem,
}

/** What callers send is closed, as other fields are refused. Answers are open: later versions say more. */
const requests = new Set(['PredictRequest', 'DecideRequest', 'Feedback', 'ArmChange'])

type JsonSchema = Readonly<Record<string, unknown>>

/** Any schema as JSON Schema in which those that have a name are references. */
export function toJsonSchema(schema: z.ZodType, isClosed: boolean): JsonSchema {
  const name = names.get(schema)
  return name === undefined ? convert(schema, isClosed) : { $ref: reference(name) }
}

export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(named).map(([name, schema]) => [name, convert(schema, requests.has(name))]),
  )
}

export const problemReference = { $ref: reference('Problem') }
export const inferenceErrorReference = { $ref: reference('InferenceError') }

function reference(name: string): string {
  return `#/components/schemas/${name}`
}

/** By the schema, whoever asks. */
const names = new Map<unknown, string>(Object.entries(named).map(([name, schema]) => [schema, name]))

function convert(root: z.ZodType, isClosed: boolean): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(root, {
    io: 'input',
    reused: 'inline',
    override({ zodSchema, jsonSchema }) {
      const name = names.get(zodSchema)
      if (name !== undefined && names.get(root) !== name) become(jsonSchema, { $ref: reference(name) })
      if (!isClosed && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
      // That a number can be read without loss is no news to anybody.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    },
  })
  return schema
}

function become(schema: object, other: object): void {
  for (const key of Object.keys(schema)) Reflect.deleteProperty(schema, key)
  Object.assign(schema, other)
}
