import { expect, test } from 'vitest'
import type { LoadJob } from '../../bench/load/job.ts'
import { measurePredictions } from '../../bench/predictions.ts'

const contenders = (['one process, Hono + onnxruntime', 'model worker'] as const).map((name) => ({
  name,
  request: { origin: name, path: '/predict', contentType: 'application/json', bodies: ['{}'] },
}))

/** Requests in one second of each round; the machine is twice as slow in the second one. */
const rates: Record<string, readonly number[]> = {
  'one process, Hono + onnxruntime': [100, 50, 90],
  'model worker': [200, 40, 90],
}

test('lets the contenders take turns and compares each within its round', async () => {
  const order: string[] = []
  const turns = new Map<string, number>()
  const load = async ({ origin, connections, seconds }: LoadJob) => {
    const turn = turns.get(origin) ?? 0
    if (connections === 4) {
      order.push(origin)
      turns.set(origin, turn + 1)
    }
    const requests = rates[origin]![turn % 3]!
    return { requests, seconds: seconds ?? 0, p50Us: requests, p99Us: 9, failures: {}, collected: [] }
  }
  const figures = await measurePredictions(contenders, { connections: [4], rounds: 3, seconds: 1, load })
  const [first, second] = contenders.map(({ name }) => name)
  expect(order).toEqual([first, second, first, second, first, second])
  expect(figures).toEqual([
    { contender: first, connections: 4, perSecond: 90, range: [50, 100], p50Us: 90, p99Us: 9, ratio: 1 },
    { contender: second, connections: 4, perSecond: 90, range: [40, 200], p50Us: 90, p99Us: 9, ratio: 1 },
  ])
})
