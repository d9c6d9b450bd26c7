import { expect, test } from 'vitest'
import { bytesAllowed, type MemoryLimit } from '../../../gateway/repository/memory-limit.ts'
import { watchMemory } from '../../../gateway/repository/watch-memory.ts'

const mib = 2 ** 20

test('a worker may hold half as much again as when it was new, and a small one 256 MiB more', () => {
  expect(bytesAllowed({ factor: 1.5 }, 1000 * mib)).toBe(1500 * mib)
  expect(bytesAllowed({ factor: 1.5 }, 80 * mib)).toBe(336 * mib)
  expect(bytesAllowed({ bytes: 300 * mib }, 80 * mib)).toBe(300 * mib)
})

/** Workers whose memory the test sets, in MiB, by their pid; `done` has what was done to them. */
function stage(limit: MemoryLimit) {
  const holds = new Map<number, number | undefined>()
  const done: string[] = []
  const clock = { now: 0 }
  const hands = { succeed: true }
  const look = watchMemory({
    limit,
    workers: () => Array.from(holds.keys(), (pid) => ({ pid, index: pid - 100 })),
    residentMemory: async (pid) => {
      const held = holds.get(pid)
      return held === undefined ? undefined : held * mib
    },
    recycle: async ({ index, residentBytes }) => {
      done.push(`recycle ${index} at ${residentBytes / mib}`)
      return hands.succeed
    },
    hopeless: ({ index }) => void done.push(`hopeless ${index}`),
    now: () => clock.now,
  })
  return { holds, done, clock, hands, look }
}

test('the one that holds too much twice in a row is replaced, the worst first and no other for ten seconds', async () => {
  const { holds, done, clock, look } = stage({ factor: 2 })
  for (const pid of [100, 101, 102]) holds.set(pid, 400)
  await look()
  holds.set(100, 900).set(101, 1000)
  await look()
  // A peak that is over.
  holds.set(100, 500)
  await look()
  expect(done).toEqual(['recycle 1 at 1000'])
  holds.delete(101)
  holds.set(100, 900).set(102, 850)
  await look()
  await look()
  expect(done).toHaveLength(1)
  clock.now += 10_000
  await look()
  expect(done.slice(1)).toEqual(['recycle 0 at 900'])
})

test('one that is beyond a given limit when it is new is told of once and left alone', async () => {
  const { holds, done, look } = stage({ bytes: 200 * mib })
  holds.set(100, 300).set(101, 100)
  await look()
  await look()
  holds.set(101, 201)
  await look()
  await look()
  expect(done).toEqual(['hopeless 0', 'recycle 1 at 201'])
})

test('where nobody tells what a worker holds, none is replaced', async () => {
  const { holds, done, look } = stage({ factor: 1.5 })
  holds.set(100, undefined)
  await look()
  await look()
  expect(done).toEqual([])
})

test('one that nothing can be put in the place of serves on for a minute before that is tried again', async () => {
  const { holds, done, clock, hands, look } = stage({ bytes: 200 * mib })
  hands.succeed = false
  holds.set(100, 100)
  await look()
  holds.set(100, 300)
  await look()
  await look()
  clock.now += 59_999
  await look()
  expect(done).toHaveLength(1)
  clock.now += 1
  await look()
  expect(done).toEqual(['recycle 0 at 300', 'recycle 0 at 300'])
})
