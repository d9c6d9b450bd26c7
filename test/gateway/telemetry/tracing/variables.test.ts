import { expect, test } from 'vitest'
import {
  shareToRecord,
  toTelemetryVariables,
  toWorkerVariables,
} from '../../../../gateway/telemetry/tracing/variables.ts'

const file = { otlp: 'http://file:4318', sample: 0.2, decisions: false, exemplars: false }
const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://environment:4318'

test('without a collector, or with the SDK disabled, there is nothing', () => {
  expect(toTelemetryVariables({ ...file, otlp: undefined }, { OTEL_SERVICE_NAME: 'x' })).toBeUndefined()
  expect(toTelemetryVariables(file, { OTEL_SDK_DISABLED: 'TRUE' })).toBeUndefined()
})

test('the environment goes before the file', () => {
  expect(toTelemetryVariables(file, {})).toMatchObject({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://file:4318',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.2',
    OTEL_LOGS_EXPORTER: 'none',
  })
  const given = { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME: 'ours' }
  expect(toTelemetryVariables({ ...file, decisions: true }, given)).toMatchObject({
    ...given,
    OTEL_LOGS_EXPORTER: 'otlp',
  })
})

test('workers send to the same place and begin no traces', () => {
  const variables = toTelemetryVariables(file, { OTEL_TRACES_SAMPLER: 'always_on' })!
  expect(toWorkerVariables(variables)).toMatchObject({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://file:4318',
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    OTEL_SERVICE_NAME: 'bandit-model-worker',
  })
})

test.each([
  [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' }, 0.5],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '5' }, undefined],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: 'x' }, undefined],
  [{ OTEL_TRACES_SAMPLER: 'always_on', OTEL_TRACES_SAMPLER_ARG: '0.5' }, undefined],
])('%o records the share %s', (variables, share) => {
  expect(shareToRecord(variables)).toBe(share)
})
