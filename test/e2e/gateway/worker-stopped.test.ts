import { expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { startLoad, type Answer } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const models = ['logistic', 'forest', 'network'] as const

const startGateway = async (committee?: typeof models) => {
  const config = await digitsConfig({ models, ...(committee && { committee }), deadline: '1s' })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const origin = await gateway.ready()
  const load = startLoad(origin)
  const answersOf = (arm: string, from = 0) =>
    load.answers.slice(from).filter(({ body }) => body?.arm === arm)
  await waitUntil(() => load.answers.length > 20, { what: 'answers come', timeoutMs: 20_000 })
  return { gateway, caller: createCaller(origin), load, answersOf }
}

const memberOf = ({ body }: Answer, model: string) =>
  body!.decision.members!.find((member) => member.model === model)!

const took = ({ sentAt, endedAt }: Answer): number => endedAt - sentAt

test('a frozen member of a committee is named, waited for until the deadline, and back by itself', async () => {
  const { gateway, load, answersOf } = await startGateway(models)
  const worker = gateway.workerOf('forest')!
  const frozenFrom = load.answers.length
  process.kill(worker, 'SIGSTOP')
  const find = (status: string, from: number) =>
    waitUntil(
      () => answersOf('committee', from).find((answer) => memberOf(answer, 'forest').status === status),
      { what: `the committee answers with forest ${status}`, timeoutMs: 10_000, intervalMs: 5 },
    )
  const late = await find('late', frozenFrom)
  const without = await find('unavailable', frozenFrom)
  process.kill(worker, 'SIGCONT')
  const thawedFrom = load.answers.length
  const whole = await find('answered', thawedFrom)
  await waitUntil(() => answersOf('forest', thawedFrom).length > 0, { what: 'forest answers by itself' })
  await load.stop()

  expect(took(late)).toBeGreaterThan(45)
  expect(took(late)).toBeLessThan(1_000)
  for (const answer of [late, without]) {
    const weights = models.map((model) => memberOf(answer, model).weight)
    expect(weights).toEqual([1 / 2, 0, 1 / 2])
  }
  expect(models.map((model) => memberOf(whole, model).weight)).toEqual([1 / 3, 1 / 3, 1 / 3])
  expect(gateway.workerOf('forest')).toBe(worker)
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
})

test('a frozen model is masked within a second, costs no request, and is back by itself', async () => {
  const { gateway, caller, load, answersOf } = await startGateway()
  const worker = gateway.workerOf('network')!
  const frozenFrom = load.answers.length
  const frozenAt = Date.now()
  process.kill(worker, 'SIGSTOP')
  await waitUntil(async () => (await caller.arms()).get('network')!.state === 'unavailable', {
    what: 'network is masked',
    timeoutMs: 10_000,
  })
  const masked = gateway.log().find(({ level, model }) => level === 'warn' && model === 'network')
  const maskedAt = performance.now()
  await waitUntil(() => load.answers.filter(({ sentAt }) => sentAt > maskedAt).length > 20, {
    what: 'the others answer',
    timeoutMs: 10_000,
  })
  process.kill(worker, 'SIGCONT')
  const thawedFrom = load.answers.length
  await waitUntil(() => answersOf('network', thawedFrom).length > 0, { what: 'network answers again' })
  await load.stop()

  expect(Date.parse(masked!.time) - frozenAt).toBeLessThan(1_000)
  expect(gateway.workerOf('network')).toBe(worker)
  const frozen = load.answers.slice(frozenFrom)
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
  // Half of the deadline goes to the frozen one, and some of the other half to whoever answers in its place.
  expect(frozen.filter((answer) => took(answer) > 450).length).toBeGreaterThan(0)
  expect(Math.max(...frozen.map(took))).toBeLessThan(1_500)
})

test('a worker that stays frozen is replaced', async () => {
  const { gateway, load, answersOf } = await startGateway()
  const worker = gateway.workerOf('network')!
  process.kill(worker, 'SIGSTOP')
  await waitUntil(() => gateway.workerOf('network') !== worker, {
    what: 'another worker is ready',
    timeoutMs: 15_000,
  })
  const replacedFrom = load.answers.length
  await waitUntil(() => answersOf('network', replacedFrom).length > 0, {
    what: 'network answers again',
    timeoutMs: 10_000,
  })
  await load.stop()
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
})
