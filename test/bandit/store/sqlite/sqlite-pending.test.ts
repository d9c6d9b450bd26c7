import { expect, test } from 'vitest'
import type { EndpointStore } from '../../../../bandit/store/store.ts'
import { keyOf, overBucket, reward, settings } from '../../../contract/store/fixture.ts'
import { sqliteFixture } from './sqlite-fixture.ts'

const later = overBucket + 1
const observed = [{ name: 'model:x', delta: Float64Array.of(1, 2) }]
const defaultDelta = Float64Array.of(1, 0, 0)
/** Nothing is left of what it has done when it fails. */
const twisted = reward({
  key: keyOf(9),
  defaultDelta,
  observed: [...observed, { name: 'model:x', delta: Float64Array.of(1) }],
})
const closing = { bucket: overBucket, epoch: 7, defaultDelta }
const counts = ['a', 'b'].flatMap((arm) => [overBucket, later].map((bucket) => ({ arm, bucket, pulls: 5 })))

/** All kinds of works that share rows, in an order in which each depends on those before it. */
const works: readonly ((endpoint: EndpointStore) => Promise<unknown>)[] = [
  (endpoint) => endpoint.recordPulls({ gateway: 'g', sequence: 1, counts }),
  (endpoint) => endpoint.applyReward(reward({ observed })),
  (endpoint) => endpoint.applyReward(reward({ key: keyOf(2), arm: 'b', observed })),
  (endpoint) => endpoint.applyReward(reward({ key: keyOf(2), arm: 'b' })),
  (endpoint) => endpoint.applyReward(reward({ key: keyOf(3), bucket: later, epoch: 8, observed })),
  (endpoint) => endpoint.closeBucket(closing),
  (endpoint) => endpoint.applyReward(reward({ key: keyOf(4), defaultDelta })),
  (endpoint) => endpoint.recordPulls({ gateway: 'g', sequence: 2, counts }),
  (endpoint) => endpoint.applyReward(reward({ key: keyOf(5), defaultDelta })),
  (endpoint) => endpoint.pruneEpochs(8),
  (endpoint) => endpoint.applyReward(reward({ key: keyOf(6), epoch: 9, defaultDelta })),
]

const withoutBirth = ({ born: _, ...said }: { readonly born?: number }): object => said
const toOutcome = ({ stamp, ...said }: { readonly stamp?: { readonly version: number } }): object => ({
  ...said,
  ...(stamp && { stamp: stamp.version }),
})

async function outcomes(run: (endpoint: EndpointStore) => Promise<readonly unknown[]>, hold: boolean) {
  const { newStore } = await sqliteFixture()
  const endpoint = (await newStore()).endpoint({ ...settings, hold })
  const said = (await run(endpoint)).map((each) =>
    each instanceof Error ? each.message : toOutcome(withoutBirth(Object(each) as object)),
  )
  return { said, state: withoutBirth((await endpoint.readState())!) }
}

const asError = (error: unknown): unknown => error

test.each([false, true])(
  'works that share a transaction do what they do one by one, hold: %s',
  async (hold) => {
    const oneByOne = await outcomes(async (endpoint) => {
      const said: unknown[] = []
      for (const work of works) said.push(await work(endpoint))
      return said
    }, hold)
    const together = await outcomes((endpoint) => Promise.all(works.map((work) => work(endpoint))), hold)
    expect(together).toEqual(oneByOne)
    for (const at of [0, 3, 6, works.length]) {
      const faulty = works.toSpliced(at, 0, (endpoint) => endpoint.applyReward(twisted).catch(asError))
      const { said, state } = await outcomes(
        (endpoint) => Promise.all(faulty.map((work) => work(endpoint))),
        hold,
      )
      // Before there are sums to differ from, it is the next one that is at fault.
      if (at < 2) continue
      expect(said.toSpliced(at, 1)).toEqual(oneByOne.said)
      expect(said[at]).toMatch(/as many numbers as the sums/)
      expect(state).toEqual(oneByOne.state)
    }
  },
)
