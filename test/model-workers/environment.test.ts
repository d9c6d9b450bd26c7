import { expect, test } from 'vitest'
import { readWorkerEnvironment } from '../../model-workers/environment.ts'

test.each([
  ['debug', 'debug'],
  ['silent', 'silent'],
  ['loud', 'info'],
  [undefined, 'info'],
])('LOG_LEVEL %s is the level %s', (given, level) => {
  expect(readWorkerEnvironment({ LOG_LEVEL: given }).logLevel).toBe(level)
})

test('what is meant for OpenTelemetry is kept, unless it is set to nothing', () => {
  const variables = { OTEL_SERVICE_NAME: 'a', OTEL_TRACES_SAMPLER: '', PATH: '/bin' }
  expect(readWorkerEnvironment(variables).openTelemetry).toEqual({ OTEL_SERVICE_NAME: 'a' })
})
