import { expect, test } from 'vitest'
import { inOrder } from '../../../cli/batch/in-order.ts'

async function* upTo(count: number, seen: number[] = []): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) {
    seen.push(n)
    yield n
  }
}

test('what ends late keeps its place', async () => {
  const late = (n: number) => new Promise<number>((resolve) => setTimeout(resolve, (5 - (n % 5)) * 2, n))
  expect(await Array.fromAsync(inOrder(upTo(20), 7, late))).toEqual(Array.from({ length: 20 }, (_, n) => n))
})

test('no more is under way than is allowed, and no more is read', async () => {
  let [running, most] = [0, 0]
  const seen: number[] = []
  const work = async (n: number) => {
    most = Math.max(most, ++running)
    await new Promise(setImmediate)
    running--
    return n
  }
  for await (const n of inOrder(upTo(50, seen), 4, work)) expect(seen.length).toBeLessThanOrEqual(n + 4)
  expect(most).toBe(4)
})

test('a fault comes in its turn, after the results before it', async () => {
  const got: number[] = []
  const work = async (n: number) => {
    if (n === 3) throw new Error('three')
    return n
  }
  const reading = (async () => {
    for await (const n of inOrder(upTo(10), 5, work)) got.push(n)
  })()
  await expect(reading).rejects.toThrow('three')
  expect(got).toEqual([0, 1, 2])
})
