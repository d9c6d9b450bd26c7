import { describe, expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore, readSums, toCounts } from '../../fixtures/real-stores.ts'
import { images, startLoad } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const models = ['logistic', 'forest', 'network'] as const

describe.each(['sqlite', 'redis'] as const)('with %s', (kind) => {
  test('kill -9 of every worker in turn costs no request and teaches nothing', async () => {
    const store = await newStore[kind]()
    const config = await digitsConfig({ models, committee: models })
    const gateway = runGateway({ config, store, tmp: await tempDir() })
    const origin = await gateway.ready()
    const caller = createCaller(origin)

    // The true rewards, all before the first kill.
    const predicted: Awaited<ReturnType<typeof caller.predict>>[] = []
    for (const { pixels } of images.slice(0, 80)) predicted.push(await caller.predict(pixels))
    expect(predicted.filter(({ status }) => status !== 200)).toEqual([])
    const lines = predicted.map(({ body }, at) => ({
      prediction_id: body.prediction_id,
      label: images[at]!.label,
    }))
    expect((await caller.feedbackLines(lines)).body.counts).toEqual({ applied: 80 })
    const learned = await readSums(store)
    // What the committee's members said is scored beside the arms.
    const counted = Object.entries(toCounts(learned)).filter(([name]) => !name.startsWith('@'))
    const rewards = counted.map(([arm, [count]]) => [arm, count])
    expect(Object.fromEntries(rewards)).toEqual(countBy(predicted.map(({ body }) => body.arm)))

    const load = startLoad(origin)
    for (const model of models) {
      const before = gateway.workerOf(model)!
      const answersOf = (from: number) =>
        load.answers.slice(from).filter(({ body }) => body?.arm === model).length
      await waitUntil(() => answersOf(0) > 0, { what: `${model} answers`, timeoutMs: 20_000 })
      process.kill(before, 'SIGKILL')
      await waitUntil(() => gateway.workerOf(model) !== before, {
        what: `the worker of ${model} is back`,
        timeoutMs: 20_000,
      })
      const soFar = load.answers.length
      await waitUntil(() => answersOf(soFar) > 0, { what: `${model} answers again`, timeoutMs: 20_000 })
    }
    await waitUntil(() => load.answers.length >= 200, { what: 'enough was asked', timeoutMs: 20_000 })
    await load.stop()

    expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
    expect(await readSums(store)).toEqual(learned)

    const answered = countBy([...predicted, ...load.answers].map(({ body }) => body!.arm))
    await waitUntil(async () => sameCounts(answered, toPulls(await caller.arms())), {
      what: `the pulls are ${JSON.stringify(answered)}`,
    })
    const arms = await caller.arms()
    expect(models.map((model) => arms.get(model)!.replicas[0])).toMatchObject(
      models.map((model) => ({ model, replica: 0, state: 'up', restarts: 1 })),
    )
    expect([...arms.values()].reduce((sum, { rewarded }) => sum + rewarded, 0)).toBe(80)
  })
})

type Counts = Readonly<Record<string, number>>

const countBy = (names: readonly string[]): Counts =>
  Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((each) => each === name).length]))

const toPulls = (arms: ReadonlyMap<string, { readonly pulls: number }>): Counts =>
  Object.fromEntries([...arms].map(([name, { pulls }]) => [name, pulls]))

const sameCounts = (expected: Counts, found: Counts): boolean =>
  Object.entries(expected).every(([name, count]) => found[name] === count)
