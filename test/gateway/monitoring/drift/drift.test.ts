import { expect, test } from 'vitest'
import type { NewEvent } from '../../../../gateway/events/event.ts'
import { createCategoryCounter } from '../../../../gateway/monitoring/drift/category-counter.ts'
import { createDrift, type DriftDeps } from '../../../../gateway/monitoring/drift/drift.ts'
import { parseSignal } from '../../../../gateway/monitoring/drift/signal.ts'
import { createMonitor } from '../../../../gateway/monitoring/monitor.ts'
import { createSampleRatio } from '../../../../gateway/monitoring/sample-ratio.ts'
import { watchMonitor } from '../../../../gateway/monitoring/watch-monitor.ts'
import { tensorFromJson } from '../../../../model-workers/protocol/json.ts'
import { uniformSource } from '../../../bandit/support/random-source.ts'

const hour = 3_600_000

function watch(options: Partial<DriftDeps> = {}, sample = 1) {
  const uniform = uniformSource(4)
  const counted = new Map<string, number>()
  const time = { now: 0 }
  const drift = createDrift({
    settings: {
      signals: [parseSignal('x', 'input')!, parseSignal('label', 'output')!],
      first: 500,
      file: undefined,
      windowMs: hour,
      threshold: 0.2,
      sample,
    },
    arms: ['a', 'b'],
    counter: createCategoryCounter((arm, output, category) => {
      const key = `${arm} ${output} ${category}`
      counted.set(key, (counted.get(key) ?? 0) + 1)
    }),
    clock: () => time.now,
    random: uniform,
    ...options,
  })
  /** `by` more than in the reference, and so many labels of 9 among those below 5. */
  const send = (arm: string, count: number, by = 0, nines = 0): void => {
    for (let sent = 0; sent < count; sent++) {
      const x = tensorFromJson({ name: 'x', datatype: 'FP64', shape: [1] }, [uniform() + by])
      drift.observed(arm, [x], { label: [uniform() < nines ? 9 : Math.floor(uniform() * 5)] })
    }
  }
  const of = (arm: string, signal: string) =>
    drift.view().find((view) => view.arm === arm && view.signal === signal)!
  return { drift, send, of, time, counted }
}

test('what stays as it was has not drifted, and what moved has, on its own arm and signal alone', () => {
  const { send, of, drift } = watch()
  send('a', 1500)
  send('b', 500)
  send('b', 1000, 0.5)
  expect(of('a', 'x')).toMatchObject({ reference: 500, samples: 1000, drifted: false })
  expect(Math.abs(of('a', 'x').stability!.psi)).toBeLessThan(0.05)
  expect(of('b', 'x').stability!.psi).toBeGreaterThan(0.5)
  expect(drift.view().flatMap(({ arm, signal, drifted }) => (drifted ? [`${arm} ${signal}`] : []))).toEqual([
    'b x',
  ])
})

test('a category that was never seen is drift of the output', () => {
  const { send, of } = watch()
  send('a', 500)
  send('a', 500, 0, 0.3)
  expect(of('a', 'label')).toMatchObject({ drifted: true })
  expect(of('a', 'x')).toMatchObject({ drifted: false })
})

test('nothing is judged by a few, nor while the reference is gathered', () => {
  const { send, of } = watch()
  send('a', 400)
  expect(of('a', 'x')).toEqual({
    arm: 'a',
    signal: 'x',
    side: 'input',
    reference: 400,
    samples: 0,
    stability: undefined,
    drifted: false,
  })
  send('a', 199, 5)
  expect(of('a', 'x')).toMatchObject({ reference: 500, samples: 99, stability: undefined, drifted: false })
})

test('it is told once, forgotten with the window, and over when it is over', () => {
  const { drift, send, time } = watch()
  const told: NewEvent[] = []
  const monitor = createMonitor(createSampleRatio({ arms: ['a', 'b'], clock: () => time.now }), drift)
  const look = watchMonitor({ name: 'e', monitor }, { emit: (event) => void told.push(event) })
  send('a', 500)
  send('a', 500, 1)
  look()
  look()
  expect(told).toMatchObject([{ kind: 'drift_found', endpoint: 'e', arm: 'a', about: 'x' }])
  // Too few to judge by: what was found stands.
  time.now += 2 * hour
  look()
  expect(told).toHaveLength(1)
  send('a', 500)
  look()
  look()
  expect(told.slice(1)).toMatchObject([{ kind: 'drift_over', about: 'x' }])
})

test('an earlier time can be compared with: what is read is what was written', () => {
  const before = watch()
  before.send('a', 500)
  const references = JSON.parse(JSON.stringify(before.drift.references()))
  expect(Object.keys(references.a.input)).toEqual(['x'])
  expect(references.b).toEqual({ input: {}, output: {} })
  const after = watch({ references })
  after.send('a', 200, 0.5)
  expect(after.of('a', 'x')).toMatchObject({ reference: 500, samples: 200, drifted: true })
  expect(after.of('b', 'x')).toMatchObject({ reference: 0 })
})

test('a share of the predictions is enough, and rows are picked evenly all the same', () => {
  const { send, of } = watch({}, 0.25)
  send('a', 8000)
  const { reference, samples } = of('a', 'x')
  expect(reference + samples).toBeGreaterThan(1800)
  expect(reference + samples).toBeLessThan(2200)
})

test('categories are counted, at most twenty of them and the others', () => {
  const { counted, drift } = watch()
  for (let label = 0; label < 50; label++) drift.observed('a', [], { label: [label] })
  for (let again = 0; again < 3; again++) drift.observed('b', [], { label: [7] })
  expect(counted.size).toBe(22)
  expect(counted.get('a label other')).toBe(30)
  expect(counted.get('b label 7')).toBe(3)
})
