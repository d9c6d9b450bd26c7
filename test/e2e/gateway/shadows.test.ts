import { expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { startLoad } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

test('a label scores every model that ran; a frozen shadow delays nobody, and is no fault of the arm that it is', async () => {
  const config = await digitsConfig({
    models: ['logistic', 'network', 'forest'],
    committee: ['logistic', 'network'],
    shadow: [{ arm: 'forest' }, { arm: 'tree', share: 0.3 }],
  })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const origin = await gateway.ready()
  const caller = createCaller(origin)
  await waitUntil(() => ['forest', 'tree'].every((model) => gateway.workerOf(model) !== undefined), {
    what: 'the shadows are up',
    timeoutMs: 20_000,
  })
  // An arm that answers nobody, but is copied to: what becomes of it is what becomes of a shadow.
  const paused = await fetch(`${origin}/endpoints/digits/arms/forest`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ state: 'paused' }),
  })
  expect(paused.status).toBe(200)
  const load = startLoad(origin)
  await waitUntil(() => load.answers.length >= 150, { what: 'answers come', timeoutMs: 20_000 })
  await load.stop()
  const lines = load.answers.map(({ body, label }) => ({ prediction_id: body!.prediction_id, label }))
  await caller.feedbackLines(lines)
  await caller.feedbackLines(lines)

  const total = lines.length
  const models = await waitUntil(
    async () => {
      const found = new Map((await caller.endpoint()).models?.map((each) => [each.model ?? each.arm, each]))
      return found.get('forest')?.labels === total ? found : undefined
    },
    { what: 'every copy is scored' },
  )
  const ofArm = (arm: string) => load.answers.filter(({ body }) => body!.arm === arm).length
  expect(Object.fromEntries([...models].map(([name, { labels }]) => [name, labels]))).toEqual({
    logistic: ofArm('logistic') + ofArm('committee'),
    network: ofArm('network') + ofArm('committee'),
    committee: ofArm('committee'),
    forest: total,
    tree: expect.closeTo(0.3 * total, -2),
  })
  expect(models.get('forest')!.accuracy).toBeGreaterThan(models.get('tree')!.accuracy)
  const { shadows } = await caller.endpoint()
  expect(shadows![0]).toMatchObject({ name: 'forest', compared: total })
  const agreed = Math.round(shadows![0]!.agreement! * total)
  const counted = `bandit_shadow_agreement_total{endpoint="digits",shadow="forest",agrees="true"} ${agreed}`
  expect(await caller.metrics()).toContain(counted)
  expect([...(await caller.arms()).values()].reduce((sum, arm) => sum + arm.pulls, 0)).toBe(total)

  const frozen = gateway.workerOf('forest')!
  process.kill(frozen, 'SIGSTOP')
  const slow = startLoad(origin, { perSecond: 50 })
  await waitUntil(() => slow.answers.length >= 50, { what: 'answers come', timeoutMs: 20_000 })
  await slow.stop()
  expect(slow.answers.filter(({ status }) => status !== 200)).toEqual([])
  expect(Math.max(...slow.answers.map(({ sentAt, endedAt }) => endedAt - sentAt))).toBeLessThan(1000)
  const metrics = await caller.metrics()
  expect(metrics).toMatch(
    /bandit_shadow_requests_total\{endpoint="digits",shadow="forest",outcome="(late|dropped)"\}/,
  )
  expect(metrics).not.toMatch(/bandit_arm_failures_total\{[^}]*arm="forest"/)
  expect((await caller.arms()).get('forest')).toMatchObject({ state: 'paused', pulls: 0 })
})
