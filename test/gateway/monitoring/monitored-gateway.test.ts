import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import type { Basis } from '../../../bandit/index.ts'
import { createCategoryCounter } from '../../../gateway/monitoring/drift/category-counter.ts'
import { createDrift } from '../../../gateway/monitoring/drift/drift.ts'
import { parseSignal } from '../../../gateway/monitoring/drift/signal.ts'
import { createMonitor } from '../../../gateway/monitoring/monitor.ts'
import { createSampleRatio } from '../../../gateway/monitoring/sample-ratio.ts'
import { createMetrics } from '../../../gateway/telemetry/metrics/metrics.ts'
import { createFakeArm, createFakeEndpoint, type FakeArm } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, get, post, type TestGateway } from '../../fixtures/gateway-app.ts'
import { expectProblem } from '../../fixtures/problem.ts'

const basis: Basis = {
  snapshot: { takenAt: 0, version: 1, beliefs: [], limits: [] },
  arms: ['first', 'second'],
  distribution: Float64Array.of(0.5, 0.5),
}

const two = () => [createFakeArm('first'), createFakeArm('second')]

/** Watched by what wiring puts around it; its agent always draws the first arm that is left. */
function monitoredGateway(arms: readonly FakeArm[] = two()): TestGateway {
  const endpoint = createFakeEndpoint({ arms })
  const metrics = createMetrics({ registry: new Registry(), version: 'test' })
  const decide = endpoint.agent.decide.bind(endpoint.agent)
  endpoint.agent.decide = (...given) => {
    const decision = decide(...given)
    return decision && { ...decision, basis }
  }
  const drift = createDrift({
    settings: {
      signals: [parseSignal('pixels', 'input')!, parseSignal('label', 'output')!],
      first: 100,
      file: undefined,
      windowMs: 3_600_000,
      threshold: 0.2,
      sample: 1,
    },
    arms: ['first', 'second'],
    counter: createCategoryCounter(metrics.monitoring.categories('digits')),
    clock: () => 0,
    random: () => 0,
  })
  const monitor = createMonitor(createSampleRatio({ arms: ['first', 'second'], clock: () => 0 }), drift)
  return createTestGateway([{ ...endpoint, monitor }], { metrics })
}

test('predictions are watched, and what was seen is shown and scraped', async () => {
  const gateway = monitoredGateway()
  for (let sent = 0; sent < 250; sent++) {
    const by = sent < 100 ? 0 : 10
    await post(gateway, '/predict/digits', { inputs: { pixels: [[sent % 7, sent % 5, sent % 3, by]] } })
  }
  const { body } = await get(gateway, '/endpoints/digits')
  expect(body).toMatchObject({
    sample_ratio: {
      answers: { decisions: 250, excess: { first: 0.5, second: -0.5 } },
      draws: { decisions: 250 },
    },
    drift: [
      { arm: 'first', side: 'input', signal: 'pixels', reference: 100, samples: 150, drifted: true },
      { arm: 'first', side: 'output', signal: 'label', reference: 100, samples: 150, drifted: false },
      { arm: 'second', side: 'input', signal: 'pixels', reference: 0, samples: 0, drifted: false },
      { arm: 'second', side: 'output', signal: 'label', reference: 0, samples: 0, drifted: false },
    ],
  })
  const text = await (await gateway.app.request('/metrics')).text()
  const labels = 'endpoint="digits",arm="first",side="input",signal="pixels"'
  expect(text).toContain(`bandit_drift_found{${labels}} 1\n`)
  expect(text).toMatch(new RegExp(String.raw`bandit_drift_psi\{${labels}\} [1-9]`))
  expect(text).toContain(`bandit_drift_samples{${labels},of="window"} 150\n`)
  expect(text).toContain(`bandit_drift_samples{${labels},of="reference"} 100\n`)
  expect(text).toContain('bandit_sample_ratio_excess{endpoint="digits",arm="second",of="answers"} -0.5\n')
  expect(text).toMatch(/bandit_sample_ratio_p_value\{endpoint="digits",of="answers"\} \d\.\d+e-\d\d/)
  expect(text).toContain(
    'bandit_predictions_by_category_total{endpoint="digits",arm="first",output="label",category="7"} 250\n',
  )
  const reference = await get(gateway, '/endpoints/digits/drift')
  expect(reference.body).toMatchObject({ first: { output: { label: { counts: [100, 0] } } } })
})

test('an arm that answers in place of another says nothing of the draw; the one that failed does', async () => {
  const arms = two()
  arms[0]!.behaviour = 'timeout'
  const gateway = monitoredGateway(arms)
  await post(gateway, '/predict/digits', { inputs: { pixels: [[1, 2, 3, 4]] } })
  const { body } = await get(gateway, '/endpoints/digits')
  expect(body).toMatchObject({
    sample_ratio: { answers: { decisions: 0, p_value: 1 }, draws: { decisions: 1, excess: { first: 0.5 } } },
  })
  expect(body['drift']).toContainEqual(
    expect.objectContaining({ arm: 'second', side: 'input', reference: 1 }),
  )
})

test('an endpoint without drift has none to compare with', async () => {
  expectProblem(await get(createTestGateway(), '/endpoints/digits/drift'), 'unknown_route')
})
