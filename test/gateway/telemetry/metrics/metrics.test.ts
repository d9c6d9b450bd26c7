import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { createMetrics } from '../../../../gateway/telemetry/metrics/metrics.ts'
import { createFakeArm, createFakeEndpoint } from '../../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../../fixtures/gateway-app.ts'

async function exposition(record: (metrics: ReturnType<typeof createMetrics>) => void): Promise<string> {
  const metrics = createMetrics({ registry: new Registry(), version: '1.2.3' })
  record(metrics)
  return (await metrics.exposition([])).text
}

describe('what others record', () => {
  test('calls of models', async () => {
    const text = await exposition(({ upstream }) => {
      upstream.finished('a', 'answered', 0.002)
      upstream.finished('a', 'timeout', 1)
      upstream.batched('a', 8)
      upstream.queued('a', 5)
      upstream.queued('a', 3)
    })
    expect(text).toContain('bandit_upstream_request_duration_seconds_count{model="a",outcome="answered"} 1\n')
    expect(text).toContain('bandit_upstream_request_duration_seconds_sum{model="a",outcome="timeout"} 1\n')
    expect(text).toContain('bandit_upstream_batch_rows_bucket{le="8",model="a"} 1\n')
    expect(text).toContain('bandit_upstream_batch_rows_bucket{le="4",model="a"} 0\n')
    expect(text).toContain('bandit_upstream_queue_length{model="a"} 3\n')
  })

  test('workers', async () => {
    const text = await exposition(({ workers }) => {
      workers.up('a', 0, true)
      workers.up('a', 1, true)
      workers.up('a', 1, false)
      workers.restarted('a', 1)
    })
    expect(text).toContain('bandit_worker_up{model="a",replica="0"} 1\n')
    expect(text).toContain('bandit_worker_up{model="a",replica="1"} 0\n')
    expect(text).toContain('bandit_worker_restarts_total{model="a",replica="0"} 0\n')
    expect(text).toContain('bandit_worker_restarts_total{model="a",replica="1"} 1\n')
  })

  test('replicas that are asked, or not, and the memory of workers', async () => {
    const text = await exposition(({ workers }) => {
      workers.replica('a', 0, 'suspect')
      workers.replica('a', 0, 'running')
      workers.replica('a', 1, 'resting')
      workers.replica('a', 2, 'idle')
      workers.replica('a', 2, 'gone')
      workers.watch(() => [
        { model: 'a', replica: 0, pid: process.pid },
        { model: 'a', replica: 1, pid: 2 ** 30 },
        { model: 'a', replica: 2 },
      ])
    })
    const state = (replica: number, state: string) =>
      `bandit_replica_state{model="a",replica="${replica}",state="${state}"}`
    expect(text).toContain(`${state(0, 'serving')} 1\n`)
    expect(text).toContain(`${state(0, 'suspect')} 0\n`)
    expect(text).toContain(`${state(1, 'resting')} 1\n`)
    expect(text).not.toContain('replica="2"')
    const [, bytes] = /bandit_worker_resident_memory_bytes\{model="a",replica="0"\} (\d+)/.exec(text)!
    expect(Number(bytes) / process.memoryUsage.rss()).toBeCloseTo(1, 0)
    expect(text).not.toContain('bandit_worker_resident_memory_bytes{model="a",replica="1"}')
  })

  test('a worker that was stopped for good leaves no series', async () => {
    const text = await exposition(({ workers }) => {
      workers.up('a', 0, true)
      workers.stopped('a', 0)
    })
    expect(text).not.toContain('replica="0"')
  })

  test('rewards on both sides of 0', async () => {
    const text = await exposition(({ feedback }) => {
      for (const reward of [2, -0.5, -1]) {
        feedback.accepted({ outcome: 'applied', endpoint: 'digits', arm: 'a', reward })
      }
    })
    expect(text).toContain('bandit_reward_gain_total{endpoint="digits",arm="a"} 2\n')
    expect(text).toContain('bandit_reward_loss_total{endpoint="digits",arm="a"} 1.5\n')
    expect(text).toContain('bandit_reward_observations_total{endpoint="digits",arm="a"} 3\n')
  })

  test('calls of the store', async () => {
    const text = await exposition(({ store }) => store.finished('applyReward', 'unavailable', 0.25))
    expect(text).toContain(
      'bandit_store_operation_duration_seconds_sum{operation="applyReward",outcome="unavailable"} 0.25\n',
    )
  })

  test('the build and the process', async () => {
    const text = await exposition(() => {})
    expect(text).toContain(`bandit_build_info{version="1.2.3",node="${process.version}"} 1\n`)
    expect(text).toContain('bandit_process_resident_memory_bytes')
  })
})

test('what was learned is read off the endpoints at each scrape', async () => {
  const arms = [createFakeArm('first'), createFakeArm('second')]
  arms[1]!.isUp = false
  const { app } = createTestGateway([createFakeEndpoint({ arms })])
  const scrape = async (): Promise<string> => (await app.request('/metrics')).text()
  const text = await scrape()
  for (const line of [
    'bandit_arm_posterior_mean{endpoint="digits",arm="first"} 0.5',
    'bandit_arm_posterior_interval{endpoint="digits",arm="first",bound="lower"} 0.1',
    'bandit_arm_posterior_interval{endpoint="digits",arm="first",bound="upper"} 0.9',
    'bandit_arm_probability_best{endpoint="digits",arm="first"} 0.5',
    'bandit_arm_share{endpoint="digits",arm="second"} 0.5',
    'bandit_arm_effective_rewards{endpoint="digits",arm="first"} 4',
    'bandit_arm_pending{endpoint="digits",arm="first"} 2',
    'bandit_arm_decisions{endpoint="digits",arm="first",state="pulled"} 9',
    'bandit_arm_decisions{endpoint="digits",arm="first",state="rewarded"} 4',
    'bandit_arm_decisions{endpoint="digits",arm="first",state="voided"} 0',
    'bandit_arm_decisions{endpoint="digits",arm="first",state="defaulted"} 1',
    'bandit_arm_decisions{endpoint="digits",arm="first",state="written_off"} 2',
    'bandit_arm_available{endpoint="digits",arm="first"} 1',
    'bandit_arm_available{endpoint="digits",arm="second"} 0',
    'bandit_snapshot_age_seconds{endpoint="digits"} 0.25',
    'bandit_expected_regret{endpoint="digits"} 0.25',
  ]) {
    expect(text).toContain(`${line}\n`)
  }
  arms[1]!.isUp = true
  expect(await scrape()).toContain('bandit_arm_available{endpoint="digits",arm="second"} 1\n')
})

test('requests are counted by route and class of status, and while they are in flight', async () => {
  const arm = createFakeArm('first')
  let inFlight = ''
  const gateway = createTestGateway([createFakeEndpoint({ arms: [arm] })])
  arm.infer = async () => {
    inFlight = (await gateway.registry.getSingleMetricAsString('bandit_requests_in_flight'))
      .split('\n')
      .at(-1)!
    throw new Error('no')
  }
  await post(gateway, '/predict/digits', { inputs: { pixels: [[1, 2, 3, 4]] } })
  await post(gateway, '/predict', '{')
  expect(inFlight).toBe('bandit_requests_in_flight 1')
  const text = await gateway.registry.metrics()
  expect(text).toContain('bandit_requests_in_flight 0\n')
  for (const labels of ['route="/predict/:endpoint",status="5xx"', 'route="/predict",status="4xx"']) {
    expect(text).toContain(`bandit_request_duration_seconds_count{method="POST",${labels}} 1\n`)
  }
})

test('no id, key or text of a caller becomes a label', async () => {
  const gateway = createTestGateway()
  for (let i = 0; i < 30; i++) {
    const own = { id: `order-${i}`, key: `user-${i}`, inputs: { pixels: [[1, 2, 3, i]] } }
    await post(gateway, '/predict', own, { 'user-agent': `agent-${i}`, 'x-request-id': `trace-${i}` })
    await post(gateway, '/feedback', { prediction_id: `p-${i}`, reward: 1, event_id: `e-${i}` })
  }
  const { text } = { text: await (await gateway.app.request('/metrics')).text() }
  expect(text).not.toMatch(/order-|user-\d|agent-|trace-|"p-|"e-/)
})
