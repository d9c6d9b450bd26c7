import * as z from 'zod'
import {
  inferenceAnswer,
  inferenceRequest,
  modelList,
  modelConfig,
  modelMetadata,
  modelReady,
  modelStatistics,
  repositoryChange,
  repositoryIndex,
  repositoryIndexRequest,
  serverLive,
  serverMetadata,
  serverReady,
} from '../inference-protocol/schema.ts'
import { json, type Operation } from './operation.ts'

const binary = z
  .string()
  .meta({ description: 'JSON and tensors behind it: the binary tensor data extension' })

const look = (id: string, summary: string, schema: z.ZodType): Operation => ({
  id,
  tag: 'inference',
  summary,
  answers: { 200: { description: 'As the protocol has it', content: json(schema) } },
  problems: [],
  dialect: 'inference',
})

const found = ['unknown_endpoint', 'unknown_arm', 'not_ready', 'nothing_to_infer'] as const
const read = ['broken_body', 'malformed_json', 'too_deep', 'too_many_keys', 'body_too_large'] as const

const infer: Operation = {
  ...look('infer', 'Ask an endpoint in the words of the protocol', inferenceAnswer),
  body: { 'application/json': inferenceRequest, 'application/octet-stream': binary },
  answers: {
    200: {
      description: 'The answer of one arm',
      content: { 'application/json': inferenceAnswer, 'application/octet-stream': binary },
    },
  },
  problems: [
    ...found,
    ...read,
    'unsupported_encoding',
    'malformed_inference',
    'invalid_field',
    'invalid_input',
    'row_mismatch',
    'missing_input',
    'unknown_input',
    'model_rejected_inputs',
    'no_arm_available',
    'unusable_answer',
    'broken_answer',
    'preprocess_failed',
    'overloaded',
    'deadline_exceeded',
  ],
}

const model: Operation = {
  ...look('showModel', 'What an endpoint takes and answers', modelMetadata),
  problems: found,
}

const ready: Operation = {
  ...look('modelReady', 'Whether an endpoint can answer', modelReady),
  problems: found,
}

const statistics: Operation = {
  ...look('statistics', 'What arms have answered since this gateway has started', modelStatistics),
  problems: ['unknown_endpoint', 'unknown_arm'],
}

const config: Operation = {
  ...look('config', 'What an endpoint takes and answers, in the words of Triton', modelConfig),
  problems: found,
}

const change = (id: string, summary: string): Operation => ({
  ...look(id, summary, z.strictObject({})),
  body: json(repositoryChange),
  problems: [...read, 'unknown_endpoint', 'unknown_arm', 'invalid_field', 'store_unavailable'],
})

/** Open Inference Protocol: an endpoint is a model, its arms are the versions of it. */
export const inferenceOperations: Readonly<Record<string, Operation>> = {
  'GET /v2': look('server', 'What this server is', serverMetadata),
  'GET /v2/': look('serverToo', 'The same', serverMetadata),
  'GET /v2/health/live': look('serverLive', 'Whether the process lives', serverLive),
  'GET /v2/health/ready': {
    ...look('serverReady', 'Whether every endpoint has an arm that can answer', serverReady),
    problems: ['not_ready'],
  },
  'GET /v2/models': look('listModels', 'Every endpoint that the caller may ask', modelList),
  'GET /v2/models/:endpoint': model,
  'GET /v2/models/:endpoint/versions/:arm': { ...model, id: 'showVersion', summary: 'The same of one arm' },
  'GET /v2/models/:endpoint/ready': ready,
  'GET /v2/models/:endpoint/versions/:arm/ready': {
    ...ready,
    id: 'versionReady',
    summary: 'Whether one arm can answer',
  },
  'GET /v2/models/stats': look('allStatistics', 'What every arm has answered', modelStatistics),
  'GET /v2/models/:endpoint/stats': { ...statistics, id: 'statistics' },
  'GET /v2/models/:endpoint/versions/:arm/stats': { ...statistics, id: 'versionStatistics' },
  'GET /v2/models/:endpoint/config': { ...config, id: 'config' },
  'GET /v2/models/:endpoint/versions/:arm/config': { ...config, id: 'versionConfig' },
  'POST /v2/models/:endpoint/infer': infer,
  'POST /v2/models/:endpoint/versions/:arm/infer': {
    ...infer,
    id: 'inferVersion',
    summary: 'Ask one arm: nothing is learned from it, unless parameters.learn says so',
  },
  'POST /v2/repository/index': {
    ...look('repositoryIndex', 'Every arm and its state', repositoryIndex),
    body: json(repositoryIndexRequest),
    problems: [...read, 'invalid_field'],
  },
  'POST /v2/repository/models/:endpoint/load': change('loadModel', 'Resume arms'),
  'POST /v2/repository/models/:endpoint/unload': change('unloadModel', 'Pause arms'),
}
