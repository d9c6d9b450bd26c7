import * as z from 'zod'
import { consoleUpdate } from '../console/schema.ts'
import { armChange } from '../controls/schema.ts'
import { arm } from '../endpoints/arm-schema.ts'
import { driftReferences, endpoint, endpointList } from '../endpoints/schema.ts'
import { alive, ready } from '../health/schema.ts'
import { bodyProblems, json, type Operation } from './operation.ts'

const page: Operation = {
  id: 'console',
  tag: 'console',
  summary: 'The console, for browsers',
  answers: { 200: { description: 'A page', content: { 'text/html': z.string() } } },
  problems: [],
}

/** What people and programs look at, and steer. */
export const operatingOperations: Readonly<Record<string, Operation>> = {
  'GET /endpoints': {
    id: 'listEndpoints',
    tag: 'operating',
    summary: 'Every endpoint, what is believed of its arms, and their states',
    answers: { 200: { description: 'All of them', content: json(endpointList) } },
    problems: [],
  },
  'GET /endpoints/:endpoint': {
    id: 'showEndpoint',
    tag: 'operating',
    summary: 'One endpoint',
    answers: { 200: { description: 'It, as it is now', content: json(endpoint) } },
    problems: ['unknown_endpoint'],
  },
  'GET /endpoints/:endpoint/drift': {
    id: 'showDrift',
    tag: 'operating',
    summary: 'What inputs and outputs are compared with, to be kept as a reference',
    answers: { 200: { description: 'By arm', content: json(driftReferences) } },
    problems: ['unknown_endpoint', 'unknown_route'],
  },
  'PUT /endpoints/:endpoint/arms/:arm': {
    id: 'changeArm',
    tag: 'operating',
    summary: 'Pause or resume an arm, or change its shares',
    body: json(armChange),
    answers: { 200: { description: 'The arm, as it is now', content: json(arm) } },
    problems: [...bodyProblems, 'unknown_endpoint', 'unknown_arm', 'shares_conflict', 'store_unavailable'],
  },
  'GET /livez': {
    id: 'live',
    tag: 'health',
    summary: 'Whether the process lives',
    answers: { 200: { description: 'It does', content: json(alive) } },
    problems: [],
  },
  'GET /readyz': {
    id: 'ready',
    tag: 'health',
    summary: 'Whether every endpoint has an arm that can answer',
    answers: { 200: { description: 'They have', content: json(ready) } },
    problems: ['not_ready'],
  },
  'GET /metrics': {
    id: 'metrics',
    tag: 'health',
    summary: 'For Prometheus',
    answers: {
      200: {
        description: 'As text, or as OpenMetrics where that is accepted and traces are recorded',
        content: { 'text/plain': z.string(), 'application/openmetrics-text': z.string() },
      },
    },
    problems: [],
  },
  'GET /openapi.json': {
    id: 'openapi',
    tag: 'operating',
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1', content: json(z.looseObject({ openapi: z.string() })) } },
    problems: [],
  },
  'GET /console': page,
  'GET /console/': {
    ...page,
    id: 'consoleElsewhere',
    summary: 'Leads to the console',
    answers: { 302: { description: 'It is at /console' } },
  },
  'GET /console/assets/:name': {
    ...page,
    id: 'consoleAsset',
    summary: 'A file of the console',
    answers: {
      200: {
        description: 'Styles, scripts or pictures',
        content: { 'text/css': z.string(), 'text/javascript': z.string(), 'image/svg+xml': z.string() },
      },
      304: { description: 'It is as it was' },
    },
    problems: ['unknown_route'],
  },
  'GET /console/data': {
    ...page,
    id: 'consoleData',
    summary: 'All that the console shows',
    answers: { 200: { description: 'Now, and an hour of the past', content: json(consoleUpdate) } },
  },
  'GET /console/stream': {
    ...page,
    id: 'consoleStream',
    summary: 'The same as server-sent events, each a JSON text: everything first, then what is new',
    answers: { 200: { description: 'A stream', content: { 'text/event-stream': z.string() } } },
    problems: ['overloaded'],
  },
}
