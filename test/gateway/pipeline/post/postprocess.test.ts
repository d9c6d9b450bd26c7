import { describe, expect, test } from 'vitest'
import { postprocess } from '../../../../gateway/config/pipeline/postprocess-schema.ts'
import { toPostStep } from '../../../../gateway/config/pipeline/to-postprocess.ts'
import { OutputFault } from '../../../../gateway/pipeline/post/outputs.ts'
import { createPostprocess } from '../../../../gateway/pipeline/post/postprocess.ts'

const run = (steps: unknown[], outputs: Record<string, unknown>) =>
  createPostprocess(postprocess.parse(steps).map((step) => toPostStep(step))).run(outputs, undefined)

const two = [
  [0.7, 0.3],
  [0.2, 0.8],
]

test('a threshold is reached by a score that is level with it', () => {
  const steps = [{ threshold: { output: 'p', at: 0.3 } }]
  expect(run(steps, { p: [0.29, 0.3, 0.31] })).toEqual({ p: [0.29, 0.3, 0.31], label: [0, 1, 1] })
  expect(run(steps, { p: two })).toMatchObject({ label: [1, 1] })
  const first = [{ threshold: { output: 'p', at: 0.3, column: 0, to: 'no' } }]
  expect(run(first, { p: two })).toMatchObject({ no: [1, 0] })
})

test('labels get names, in place or beside', () => {
  expect(run([{ labels: { names: ['no', 'yes'] } }], { label: [1, 0] })).toEqual({ label: ['yes', 'no'] })
  expect(run([{ labels: { output: 'c', to: 'd', names: { '-1': 'bad' } } }], { c: [[-1]] })).toEqual({
    c: [[-1]],
    d: [['bad']],
  })
})

test('the best k come first, equal ones in the order of the columns', () => {
  const outputs = { p: [[0.1, 0.4, 0.4, 0.1]] }
  const steps = [{ top_k: { output: 'p', k: 3, names: ['a', 'b', 'c', 'd'] } }]
  expect(run(steps, outputs)).toMatchObject({ best: [['b', 'c', 'a']], best_scores: [[0.4, 0.4, 0.1]] })
  expect(run([{ top_k: { output: 'p', k: 9 } }], outputs)).toMatchObject({ best: [[1, 2, 0, 3]] })
})

test('steps build on each other, and what is not kept is gone', () => {
  const steps = [
    { calibrate: { output: 'p', platt: { a: -1, b: 0 }, to: 'q' } },
    { threshold: { output: 'q', at: 0.5 } },
    { labels: { names: ['no', 'yes'] } },
    { keep: ['label', 'q'] },
  ]
  expect(run(steps, { p: [0, -2] })).toEqual({ label: ['yes', 'no'], q: [0.5, expect.closeTo(0.1192, 4)] })
})

test('a temperature flattens logits and keeps their order', () => {
  const steps = [{ calibrate: { output: 'z', temperature: 2 } }]
  const [row] = run(steps, { z: [[1000, 998]] })['z'] as number[][]
  expect(row).toEqual([expect.closeTo(1 / (1 + Math.exp(-1)), 12), expect.closeTo(1 / (1 + Math.E), 12)])
  expect(run(steps, { z: [0] })).toEqual({ z: [0.5] })
})

describe('outputs that a step cannot do with are a fault', () => {
  test.each([
    [[{ threshold: { output: 'q', at: 1 } }], { p: [1] }, 'there is no output "q" with a row for each'],
    [[{ threshold: { output: 'p', at: 1 } }], { p: [[1, 2, 3]] }, 'has 3 columns: say which'],
    [[{ threshold: { output: 'p', at: 1, column: 2 } }], { p: [[1]] }, 'has no column 2'],
    [[{ threshold: { output: 'p', at: 1 } }], { p: ['a'] }, 'is not a list of numbers'],
    [[{ threshold: { output: 'toString', at: 1 } }], { p: [1] }, 'there is no output "toString"'],
    [[{ labels: { names: ['no'] } }], { label: [1] }, 'said 1, which has no name'],
    [[{ top_k: { output: 'p', k: 1, names: ['a'] } }], { p: [[1, 2]] }, 'has 2 columns, and 1 have a name'],
    [
      [{ calibrate: { output: 'p', platt: { a: 1, b: 0 } } }],
      { p: [[1, 2, 3]] },
      'has 3 classes, and 1 are calibrated',
    ],
    [[{ keep: ['q'] }], { p: [1] }, 'there is no output "q"'],
  ] as [unknown[], Record<string, unknown>, string][])('%j', (steps, outputs, message) => {
    expect(() => run(steps, outputs)).toThrow(OutputFault)
    expect(() => run(steps, outputs)).toThrow(message)
  })
})
