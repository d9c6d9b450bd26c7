import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { stackModel } from '../../fixtures/onnx-models.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { startLoad, type Answer } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const members = ['logistic', 'tree'] as const

const isWhole = (answer: Answer) => weightsOf(answer).every((weight) => weight > 0)

const weightsOf = ({ body }: Answer): number[] =>
  members.map((model) => body!.decision.members!.find((member) => member.model === model)!.weight)

test('members weigh by their labels; one that is frozen is carried by the other, and teaches nothing', async () => {
  const stack = join(await tempDir(), 'stack.onnx')
  await writeFile(stack, stackModel(members.length))
  const config = await digitsConfig({
    models: members,
    committee: members,
    together: { combine: 'weighted', weights: 'posterior', quorum: 1, deadline: '250ms' },
    stack,
  })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const origin = await gateway.ready()
  const caller = createCaller(origin)
  await waitUntil(async () => (await caller.arms()).get('stacked')!.state === 'active', {
    what: 'all models are up',
    timeoutMs: 20_000,
  })

  const load = startLoad(origin, { perSecond: 60 })
  const of = (arm: string, { answers } = load) => answers.filter(({ body }) => body?.arm === arm)
  await waitUntil(
    () => load.answers.length >= 150 && of('committee').some(isWhole) && of('stacked').length > 0,
    {
      what: 'all arms answer',
      timeoutMs: 20_000,
    },
  )
  await load.stop()
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
  expect(weightsOf(of('committee').find(isWhole)!)).toEqual([1 / 2, 1 / 2])
  const stacked = of('stacked').filter(({ body, label }) => body!.outputs.label[0] === label)
  expect(stacked.length).toBeGreaterThan(of('stacked').length / 2)
  await caller.feedbackLines(
    load.answers.map(({ body, label }) => ({ prediction_id: body!.prediction_id, label })),
  )
  const models = await waitUntil(async () => (await caller.endpoint()).models, { what: 'labels are learned' })
  const scores = members.map((model) => models.find((each) => each.model === model)!)
  const ran = members.map(
    (model, at) =>
      of(model).length +
      [...of('committee'), ...of('stacked')].filter((answer) => weightsOf(answer)[at]! > 0).length,
  )
  expect(scores.map(({ labels }) => labels)).toEqual(ran)
  const before = await caller.arms()

  const worker = gateway.workerOf('tree')!
  process.kill(worker, 'SIGSTOP')
  const frozen = startLoad(origin, { perSecond: 40 })
  const late = await waitUntil(() => of('committee', frozen).find((answer) => weightsOf(answer)[1] === 0), {
    what: 'the committee answers without the frozen one',
    timeoutMs: 10_000,
  })
  if (gateway.workerOf('tree') === worker) process.kill(worker, 'SIGCONT')
  await frozen.stop()
  expect(weightsOf(late)).toEqual([1, 0])
  expect(late.endedAt - late.sentAt).toBeLessThan(1500)
  expect(frozen.answers.filter(({ status }) => status !== 200)).toEqual([])
  const after = await caller.arms()
  for (const [name, { mean, rewarded }] of before) expect(after.get(name)).toMatchObject({ mean, rewarded })

  const thawed = startLoad(origin, { perSecond: 40 })
  const whole = await waitUntil(() => of('committee', thawed).find((answer) => weightsOf(answer)[1] !== 0), {
    what: 'the committee is whole again',
    timeoutMs: 10_000,
  })
  await thawed.stop()
  const weights = scores.map(({ accuracy, labels }) => Math.log((labels + 2) / (labels * (1 - accuracy) + 1)))
  const total = weights[0]! + weights[1]!
  expect(weightsOf(whole)[0]).toBeCloseTo(weights[0]! / total, 9)
  expect(weights[0]).toBeGreaterThan(weights[1]!)
})
