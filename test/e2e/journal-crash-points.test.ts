import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectRedis } from '../../bandit/store/redis/connect-redis.ts'
import { createRedisStore } from '../../bandit/store/redis/redis.ts'
import { settings } from '../bandit/journal/shop.ts'
import { startNode } from '../fixtures/processes.ts'
import { tempDir } from '../support/temp-dir.ts'

interface Line {
  readonly number?: number
  readonly status?: string
  readonly replayed?: string
  readonly fault?: string
}

const url = process.env.REDIS_URL!
const count = 8

/** Gateways one after the other with one journal, on keys of the test's own. */
const newGateways = async () => {
  const prefix = `bandit-test-${randomUUID()}`
  const folder = await tempDir()
  const decidedAt = Date.now() - 1000
  return {
    async run(point: string, at: number, journal = 'journal.db') {
      const args = [url, prefix, join(folder, journal), decidedAt, count, point, at].map(String)
      const { child, ended } = startNode('test/e2e/journal-writer.ts', args, ['ignore', 'pipe', 'pipe'])
      const [out, { signal, stderr }] = await Promise.all([text(child.stdout!), ended])
      const lines = out.split('\n').slice(0, -1)
      return { signal, stderr, said: lines.map((line) => JSON.parse(line) as Line) }
    },
    async counted() {
      const store = createRedisStore({ redis: connectRedis(url), prefix })
      onTestFinished(() => store.close())
      await store.ping()
      const arm = (await store.endpoint(settings).readState())?.arms.get('a')
      const sums = [...(arm?.epochs.values() ?? [])]
      return { rewarded: arm?.totals.rewarded ?? 0, sum: (sums[0]?.[1] ?? 0) / 1e6 }
    },
  }
}

const dead = 3
const numbers = Array.from({ length: count }, (_, number) => number)

describe('a gateway that is killed', () => {
  test.each([
    // What the store has then; what becomes of it at the next start; what its sender is told when it tries again.
    { point: 'before the journal', known: dead, replayed: [], retried: 'applied' },
    { point: 'after the journal', known: dead, replayed: ['applied'], retried: 'duplicate' },
    { point: 'after the store', known: dead + 1, replayed: ['duplicate'], retried: 'duplicate' },
    { point: 'after settling', known: dead + 1, replayed: [], retried: 'duplicate' },
  ])('$point loses nothing and counts nothing twice', async ({ point, known, replayed, retried }) => {
    const gateways = await newGateways()
    const first = await gateways.run(point, dead)
    expect(first.signal, first.stderr).toBe('SIGKILL')
    expect(first.said).toEqual(numbers.slice(0, dead).map((number) => ({ number, status: 'applied' })))
    expect(await gateways.counted()).toEqual({ rewarded: known, sum: known })

    const second = await gateways.run('nowhere', 0)
    expect(second.signal, second.stderr).toBeNull()
    const answers = second.said.filter((line) => line.number !== undefined)
    const heard = second.said.filter((line) => line.replayed !== undefined).map((line) => line.replayed!)
    // Marks of settling that were not written yet cost a replay each.
    expect(heard.slice(0, heard.length - replayed.length).every((status) => status === 'duplicate')).toBe(
      true,
    )
    expect(heard.slice(heard.length - replayed.length)).toEqual(replayed)
    expect(answers.map(({ status }) => status)).toEqual(
      numbers.map((number) => (number < dead ? 'duplicate' : number === dead ? retried : 'applied')),
    )
    expect(await gateways.counted()).toEqual({ rewarded: count, sum: count })
  })
})

test('the same feedback through three gateways with a journal each is applied once', async () => {
  const gateways = await newGateways()
  const runs = await Promise.all(
    ['a.db', 'b.db', 'c.db'].map((journal) => gateways.run('nowhere', 0, journal)),
  )
  const answers = runs.flatMap(({ said }) => said.filter((line) => line.number !== undefined))
  for (const number of numbers) {
    const statuses = answers.filter((line) => line.number === number).map(({ status }) => status!)
    expect(statuses.toSorted()).toEqual(['applied', 'duplicate', 'duplicate'])
  }
  expect(await gateways.counted()).toEqual({ rewarded: count, sum: count })
})
