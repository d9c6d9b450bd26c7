import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import { keyOf, reward, settings } from '../contract/store/fixture.ts'

/**
 * Writes rewards and pulls to the file until it has written `count` or is killed, four at a time, and says the
 * number of each reward once it has been acknowledged.
 *
 *     node sqlite-writer.ts <file> <bucket> <first number> <count>
 */
const [path, ...numbers] = process.argv.slice(2)
const [bucket, first, count] = numbers.map(Number) as [number, number, number]
const store = createSqliteStore({ path: path!, clock: Date.now })
const endpoint = store.endpoint(settings)

const write = async (n: number): Promise<void> => {
  const [applied] = await Promise.all([
    endpoint.applyReward(reward({ bucket, key: keyOf(n), arm: n % 2 === 0 ? 'a' : 'b' })),
    endpoint.recordPulls({
      gateway: `g${first}-${n}`,
      sequence: 1,
      counts: [{ arm: 'a', bucket, pulls: 1 }],
    }),
  ])
  if (applied.status !== 'applied') throw new Error(`reward ${n}: ${applied.status}`)
  process.stdout.write(`${n}\n`)
}

for (let n = first; n < first + count; n += 4) await Promise.all([n, n + 1, n + 2, n + 3].map(write))
await store.close()
