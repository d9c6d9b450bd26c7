import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller, type GatewayCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { countsOf, labelSender } from '../../fixtures/labels.ts'
import { newStore, readSums, toCounts } from '../../fixtures/real-stores.ts'
import { images, startLoad } from '../../fixtures/steady-load.ts'
import type { DigitsModel } from '../../support/digits.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

describe.each([
  { kind: 'sqlite', count: 2 },
  { kind: 'redis', count: 3 },
] as const)('$count gateways on one $kind store', ({ kind, count }) => {
  const startAll = async (models: readonly DigitsModel[]) => {
    const store = await newStore[kind]()
    const config = await digitsConfig({ models })
    const tmp = await tempDir()
    const gateways = Array.from({ length: count }, (_, at) =>
      runGateway({ config, store, tmp, args: [`--journal=${join(dirname(config), `journal-${at}.db`)}`] }),
    )
    const origins = await Promise.all(gateways.map((gateway) => gateway.ready()))
    return { store, origins, callers: origins.map((origin) => createCaller(origin)) }
  }

  const rewardsSeenBy = async (caller: GatewayCaller) =>
    [...(await caller.arms()).values()].reduce((sum, { rewarded }) => sum + rewarded, 0)

  test('what one decided every other takes feedback for, and all of it counts once', async () => {
    const { store, origins, callers } = await startAll(['logistic'])
    const senders = callers.map((_, at) => labelSender(callers[(at + 1) % count]!))
    const loads = origins.map((origin, at) =>
      startLoad(origin, { perSecond: 50, connections: 2, onAnswer: senders[at]!.send }),
    )
    await waitUntil(() => senders.every(({ acknowledged }) => acknowledged().length >= 40), {
      what: 'labels flow through every gateway',
      timeoutMs: 20_000,
    })
    await Promise.all(loads.map((load) => load.stop()))
    expect(loads.flatMap(({ answers }) => answers).filter(({ status }) => status !== 200)).toEqual([])

    const labelled = senders.flatMap((sender) => sender.labelled)
    expect(labelled.filter(({ status }) => status !== 200)).toEqual([])
    const again = await Promise.all(
      labelled.flatMap(({ line }) =>
        callers.map(async (caller) => (await caller.feedback(line)).body.status),
      ),
    )
    expect(new Set(again)).toEqual(new Set(['duplicate']))
    expect(toCounts(await readSums(store))).toEqual(countsOf(labelled))
    for (const caller of callers) {
      await waitUntil(async () => (await rewardsSeenBy(caller)) === labelled.length, {
        what: `every gateway shows ${labelled.length} rewards`,
      })
    }
  })

  test("feedback that comes to all at once is applied once, and the caller's own id means the same everywhere", async () => {
    const { store, callers } = await startAll(['logistic', 'tree'])
    const { pixels, label } = images[0]!
    const ids = Array.from({ length: 20 }, (_, number) => `order-${number}`)
    const statuses = await Promise.all(
      ids.map(async (id) => {
        // At once, so that they compete for the same record.
        const replies = await Promise.all(callers.map((caller) => caller.predict(pixels, { id })))
        const [first, ...others] = replies.map(({ body }) => ({
          prediction_id: body.prediction_id,
          arm: body.arm,
          outputs: body.outputs,
        }))
        for (const other of others) expect(other).toEqual(first)
        expect(replies.filter(({ body }) => body.decision.repeated !== true)).toHaveLength(1)

        const byId = callers.map((caller) => caller.feedback({ endpoint: 'digits', id, label }))
        const byOurs = callers.map((caller) =>
          caller.feedback({ prediction_id: first!.prediction_id, label }),
        )
        const outcomes = await Promise.all([...byId, ...byOurs])
        return outcomes.map(({ body }) => String(body.status)).toSorted()
      }),
    )
    const once = ['applied', ...Array.from({ length: 2 * count - 1 }, () => 'duplicate')]
    expect(statuses).toEqual(ids.map(() => once))
    const counted = Object.values(toCounts(await readSums(store))).reduce(
      (sum, [rewards]) => sum + rewards!,
      0,
    )
    expect(counted).toBe(ids.length)
    for (const caller of callers) {
      await waitUntil(async () => (await rewardsSeenBy(caller)) === ids.length, {
        what: 'all see the rewards',
      })
    }
  })
})
