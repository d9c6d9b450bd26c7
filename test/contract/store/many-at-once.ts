import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EndpointStore } from '../../../bandit/store/store.ts'
import { keyOf, type NewFixture, overBucket, reward, settings, sumsOf } from './fixture.ts'

/** Decisions few enough that several rewards meet on each. */
const application = fc.record({
  decision: fc.nat(600),
  value: fc.integer({ min: 0, max: 1_000_000 }),
  store: fc.nat(2),
})

/** All that is fixed by which decision it is. */
const placed = (decision: number) => ({
  key: keyOf(decision),
  arm: ['a', 'b', 'c'][decision % 3]!,
  bucket: overBucket + (decision % 4),
  epoch: decision % 5,
})

const deltaOf = (value: number) => Float64Array.of(1, value, value * value)

/** How often the decision was rewarded so far, and with what last. */
interface Mark {
  readonly version: number
  readonly value: number
}

/** As a learner does it: where a reward is known already, it is taken back and the new one added. */
const learn = async (store: EndpointStore, decision: number, value: number): Promise<Mark> => {
  let expectedMark = ''
  for (;;) {
    const known = expectedMark === '' ? undefined : (JSON.parse(expectedMark) as Mark)
    const delta =
      known === undefined ? deltaOf(value) : deltaOf(value).map((sum, i) => sum - deltaOf(known.value)[i]!)
    const mark: Mark = { version: (known?.version ?? 0) + 1, value }
    const result = await store.applyReward(
      reward({ ...placed(decision), expectedMark, mark: JSON.stringify(mark), delta }),
    )
    if (result.status === 'applied') return mark
    if (result.status === 'late') throw new Error('none of these is late')
    expectedMark = result.mark
  }
}

export const concurrencyContract = (newFixture: NewFixture) =>
  describe('many at once', () => {
    const threeStores = async () => {
      const { newStore } = await newFixture()
      return Promise.all([1, 2, 3].map(async () => (await newStore()).endpoint(settings)))
    }

    test('of 30 identical rewards through three stores, one is applied', async () => {
      const stores = await threeStores()
      const results = await Promise.all(
        Array.from({ length: 30 }, (_, i) => stores[i % 3]!.applyReward(reward())),
      )
      expect(results.filter(({ status }) => status === 'applied')).toHaveLength(1)
      expect(results.filter(({ status }) => status === 'conflict')).toHaveLength(29)
      expect(sumsOf(await stores[0]!.readState(), 'a')).toEqual([1, 250_000, 62_500])
    })

    const manyRewards = fc.array(application, { minLength: 2000, maxLength: 2000 })

    test('2,000 rewards and corrections through three stores leave exactly what each decision ended with', async () => {
      const runs = fc.asyncProperty(manyRewards, async (applications) => {
        const stores = await threeStores()
        const last = new Map<number, Mark>()
        for (let i = 0; i < applications.length; i += 50) {
          const marks = applications.slice(i, i + 50).map(async ({ store, decision, value }) => {
            const mark = await learn(stores[store]!, decision, value)
            if (mark.version > (last.get(decision)?.version ?? 0)) last.set(decision, mark)
          })
          await Promise.all(marks)
        }

        const sums: Record<string, number[]> = {}
        const rewarded: Record<string, number> = {}
        for (const [decision, { value }] of last) {
          const { arm, bucket, epoch } = placed(decision)
          const added = deltaOf(value)
          sums[`${arm}/${epoch}`] = (sums[`${arm}/${epoch}`] ?? [0, 0, 0]).map((sum, i) => sum + added[i]!)
          rewarded[`${arm}/${bucket}`] = (rewarded[`${arm}/${bucket}`] ?? 0) + 1
        }
        const arms = [...(await stores[0]!.readState())!.arms]
        const kept = arms.flatMap(([arm, { epochs }]) => [...epochs].map(([e, s]) => [`${arm}/${e}`, [...s]]))
        const open = arms.flatMap(([arm, state]) =>
          [...state.open].map(([b, n]) => [`${arm}/${b}`, n.rewarded]),
        )
        expect(Object.fromEntries(kept)).toEqual(sums)
        expect(Object.fromEntries(open)).toEqual(rewarded)
      })
      await fc.assert(runs, { seed: 20_260_101, numRuns: 3, endOnFailure: true })
    }, 60_000)
  })
