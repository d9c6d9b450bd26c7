import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openCheckpointFolder } from '../../../bandit/checkpoints/checkpoint-folder.ts'
import { createCheckpointKeeper } from '../../../bandit/checkpoints/checkpoint-keeper.ts'
import { StoreUnavailable } from '../../../bandit/store/store.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import { reward, keyOf, settings } from '../../contract/store/fixture.ts'
import { tempDir } from '../../support/temp-dir.ts'

const generation = settings.generation
const start = Date.now()

/** Gateways with a folder each, on a store that can be emptied; seconds pass when they are told to. */
async function newShop() {
  const shop = { now: start, away: false, known: true }
  const open = () => createSqliteStore({ path: ':memory:', clock: () => shop.now })
  let store = open()
  onTestFinished(() => store.close())
  const told: string[] = []
  let files = 0

  let lag = 0
  async function gateway(keep = 3) {
    files += 1
    const path = join(await tempDir(), String(files))
    const name = `g${files}`
    const ask = () => {
      if (shop.away) throw new StoreUnavailable('away')
      return store.endpoint(settings)
    }
    const endpoints = new Map([
      [
        'shop',
        {
          generation,
          store: {
            descend: async (say?: 'bare' | 'forgotten') => ask().descend(say),
            dump: async () => {
              const checkpoint = await ask().dump()
              return { ...checkpoint, version: checkpoint.version - lag }
            },
            restore: async (...args: Parameters<ReturnType<typeof ask>['restore']>) => ask().restore(...args),
            readControls: async () => ask().readControls(),
            writeControls: async (...args: Parameters<ReturnType<typeof ask>['writeControls']>) =>
              ask().writeControls(...args),
          },
        },
      ],
    ])
    const folder = openCheckpointFolder({ path, keep, faulty: (file) => told.push(`${name} faulty ${file}`) })
    return createCheckpointKeeper({
      endpoints,
      folder,
      clock: () => shop.now,
      youngMs: 600_000,
      isKnown: () => shop.known,
      events: {
        saved: () => told.push(`${name} saved`),
        current: () => told.push(`${name} current`),
        failed: (_, error) => told.push(`${name} failed ${String(error)}`),
        restored: (_, { checkpoint }) => told.push(`${name} restored ${checkpoint.version}`),
      },
    })
  }

  return Object.assign(shop, {
    gateway,
    told: () => told.splice(0),
    teach: async (n: number) => store.endpoint(settings).applyReward(reward({ key: keyOf(n) })),
    origin: async () => (await store.endpoint(settings).descend()).origin,
    rewarded: async () => (await store.endpoint(settings).readState())!.arms.get('a')?.totals.rewarded ?? 0,
    async empty() {
      await store.close()
      shop.now += 1000
      store = open()
      store.endpoint(settings)
    },
    /** As if it came back without its last writes. */
    fallBack: (versions: number) => void (lag = versions),
    say: (revision: number, text: string) =>
      store.endpoint(settings).writeControls(revision - 1, { revision, text }),
    said: () => store.endpoint(settings).readControls(),
    settle: () => store.endpoint(settings).descend('bare'),
  })
}

test('a store that nobody has anything to give is said to be bare after a while, and saved from then on', async () => {
  const shop = await newShop()
  const one = await shop.gateway()
  await shop.teach(1)
  await one.revive()
  await one.save()
  expect(shop.told()).toEqual([])
  shop.now += 9000
  await one.revive()
  expect(await shop.origin()).toBe('bare')
  await one.save()
  await one.save()
  await shop.teach(2)
  await one.save()
  expect(shop.told()).toEqual(['g1 saved', 'g1 current', 'g1 current', 'g1 saved', 'g1 current'])
})

test('one of several gateways gives an emptied store its newest checkpoint, which none overwrites meanwhile', async () => {
  const shop = await newShop()
  await shop.settle()
  const [one, two] = [await shop.gateway(), await shop.gateway()]
  await shop.teach(1)
  for (const each of [one, two]) await each.save()
  await shop.empty()
  await one.save()
  expect(shop.told()).toEqual(['g1 saved', 'g1 current', 'g2 saved', 'g2 current'])
  await Promise.all([one.revive(), two.revive()])
  expect(shop.told()).toEqual([expect.stringMatching(/^g[12] restored 1$/)])
  expect([await shop.origin(), await shop.rewarded()]).toEqual(['restored', 1])
  // Until all have brought their marks, nothing is saved.
  await one.save()
  expect(shop.told()).toEqual([])
  shop.now += 11_000
  await one.save()
  expect(shop.told()).toEqual(['g1 saved', 'g1 current'])
  await shop.empty()
  await two.revive()
  expect(await shop.rewarded()).toBe(1)
})

test('a checkpoint that journals do not complete gives way to a younger one, but not for ever', async () => {
  const shop = await newShop()
  await shop.settle()
  const [old, young] = [await shop.gateway(), await shop.gateway()]
  await shop.teach(1)
  await old.save()
  shop.now += 700_000
  await shop.teach(2)
  await shop.empty()
  await old.revive()
  await young.revive()
  expect(await shop.origin()).toBe('unsettled')
  shop.now += 4000
  await old.revive()
  expect([await shop.origin(), await shop.rewarded()]).toEqual(['restored', 1])
})

test('nothing is saved while answers are waited for, and a failure is told', async () => {
  const shop = await newShop()
  await shop.settle()
  const one = await shop.gateway()
  shop.known = false
  await one.save()
  shop.known = true
  shop.away = true
  await one.save()
  await expect(one.revive()).rejects.toThrow(StoreUnavailable)
  expect(shop.told()).toEqual(['g1 failed StoreUnavailable: away'])
})

test('a store that came back with less than it had pushes no checkpoint out, until it has as much again', async () => {
  const shop = await newShop()
  await shop.settle()
  const one = await shop.gateway()
  for (const n of [1, 2, 3]) await shop.teach(n)
  await one.save()
  shop.fallBack(2)
  await one.save()
  await shop.teach(4)
  await one.save()
  expect(shop.told()).toEqual(['g1 saved', 'g1 current'])
  await shop.teach(5)
  await shop.teach(6)
  await one.save()
  expect(shop.told()).toEqual(['g1 saved', 'g1 current'])
})

test('what was said of the arms is given back with what was learned, unless something newer was said', async () => {
  const shop = await newShop()
  await shop.settle()
  const one = await shop.gateway()
  await shop.say(1, 'a is paused')
  await one.save()
  await shop.say(2, 'b is paused')
  await one.save()
  expect(shop.told()).toEqual(['g1 saved', 'g1 current', 'g1 saved', 'g1 current'])
  await shop.empty()
  await one.revive()
  expect(await shop.said()).toEqual({ revision: 2, text: 'b is paused' })
  await shop.empty()
  for (const revision of [1, 2, 3]) await shop.say(revision, 'none is paused')
  await one.revive()
  expect(await shop.said()).toEqual({ revision: 3, text: 'none is paused' })
})

test('nothing is given back where gateways have gone on without', async () => {
  const shop = await newShop()
  await shop.settle()
  const one = await shop.gateway()
  await shop.teach(1)
  await one.save()
  await shop.empty()
  await shop.settle()
  await one.revive()
  expect([await shop.origin(), await shop.rewarded()]).toEqual(['bare', 0])
})
