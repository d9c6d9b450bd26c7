import * as z from 'zod'
import { feedback, feedbackAnswer, feedbackBatch, feedbackLater, feedbackReport } from '../feedback/schema.ts'
import { evaluation, evaluationFailure, evaluationRequest } from '../ofrep/schema.ts'
import { decideAnswer, decideRequest, predictAnswer, predictRequest } from '../predict/schema.ts'
import { bodyProblems, json, type Operation } from './operation.ts'

const predict: Omit<Operation, 'id' | 'summary'> = {
  tag: 'serving',
  body: json(predictRequest),
  answers: { 200: { description: 'The answer of one arm', content: json(predictAnswer) } },
  problems: [
    ...bodyProblems,
    'unknown_endpoint',
    'unknown_input',
    'missing_input',
    'invalid_input',
    'row_mismatch',
    'model_rejected_inputs',
    'nothing_to_infer',
    'no_arm_available',
    'unusable_answer',
    'broken_answer',
    'preprocess_failed',
    'overloaded',
    'not_ready',
    'store_unavailable',
    'deadline_exceeded',
  ],
}

const decide: Omit<Operation, 'id' | 'summary'> = {
  tag: 'serving',
  body: json(decideRequest),
  answers: { 200: { description: 'The arm to act on', content: json(decideAnswer) } },
  problems: [...bodyProblems, 'unknown_endpoint', 'outputs_needed', 'no_arm_available', 'overloaded'],
}

/** What models are asked, and told. */
export const servingOperations: Readonly<Record<string, Operation>> = {
  'POST /predict': {
    ...predict,
    id: 'predict',
    summary: 'Ask the one endpoint there is, or the one that the body names',
  },
  'POST /predict/:endpoint': { ...predict, id: 'predictAt', summary: 'Ask an endpoint' },
  'POST /decide': {
    ...decide,
    id: 'decide',
    summary:
      'Let an arm be chosen, of the one endpoint there is or the one that the body names, and infer nothing',
  },
  'POST /decide/:endpoint': { ...decide, id: 'decideAt', summary: 'Let an arm of an endpoint be chosen' },
  'POST /ofrep/v1/evaluate/flags/:endpoint': {
    id: 'evaluateFlag',
    tag: 'serving',
    summary: 'The same for SDKs of OpenFeature: an endpoint is a flag',
    body: json(evaluationRequest),
    answers: {
      200: { description: 'The value of the flag', content: json(evaluation) },
      400: { description: 'It cannot be evaluated', content: json(evaluationFailure) },
      404: { description: 'There is no such flag', content: json(evaluationFailure) },
    },
    problems: ['no_arm_available', 'overloaded'],
  },
  'POST /feedback': {
    id: 'feedback',
    tag: 'learning',
    summary: 'Tell what came of predictions: one object, a list, or NDJSON',
    body: {
      'application/json': z.union([feedback, feedbackBatch]),
      'application/x-ndjson': z.string().meta({ description: 'One feedback a line' }),
    },
    answers: {
      200: {
        description: 'What became of the one feedback, or a report of many',
        content: json(z.union([feedbackAnswer, feedbackReport])),
      },
      202: { description: 'Kept, and counted later', content: json(feedbackLater) },
    },
    problems: [
      ...bodyProblems,
      'forged_prediction_id',
      'unknown_prediction',
      'late_feedback',
      'too_many_lines',
      'invalid_feedback',
      'rate_limited',
      'reward_share_exceeded',
      'store_unavailable',
    ],
  },
}
