import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { preprocess } from '../../../gateway/config/pipeline/preprocess-schema.ts'
import { toPreprocess } from '../../../gateway/config/pipeline/to-preprocess.ts'
import { postprocess } from '../../../gateway/config/pipeline/postprocess-schema.ts'
import { toPostStep } from '../../../gateway/config/pipeline/to-postprocess.ts'
import { createPostprocess } from '../../../gateway/pipeline/post/postprocess.ts'
import { createPipeline } from '../../../gateway/pipeline/pipeline.ts'
import { tensorToJson } from '../../../model-workers/protocol/json.ts'

interface Case {
  readonly name: string
  readonly columns: readonly string[]
  readonly steps: unknown
  readonly rows: Record<string, unknown[]>
  readonly expected: number[][]
}

interface Whole extends Pick<Case, 'rows' | 'expected'> {
  readonly blocks: unknown
}

interface Calibration {
  readonly name: string
  readonly calibrators: unknown[]
  readonly scores: readonly (number | number[])[]
  readonly expected: number[][]
}

/** Made by sklearn.py beside it. */
const made = JSON.parse(readFileSync(join(import.meta.dirname, 'sklearn.json'), 'utf8')) as {
  readonly cases: Case[]
  readonly whole: Whole
  readonly calibrations: Calibration[]
}

const tensorOf = (blocks: unknown, rows: Record<string, unknown>, width: number): number[][] => {
  const pipeline = createPipeline({
    preprocess: toPreprocess(preprocess.parse({ tensors: { x: blocks } })),
  })!.before!
  const specs = [{ name: 'x', datatype: 'FP64', shape: [-1, width] }] as const
  expect(pipeline.misfit(specs)).toBeUndefined()
  const [tensor] = pipeline.toTensors(pipeline.parse(rows), specs)
  return tensorToJson(tensor!) as number[][]
}

const expectClose = (found: number[][], expected: number[][]) => {
  expect(found.map((row) => row.length)).toEqual(expected.map((row) => row.length))
  const furthest = Math.max(
    ...found.flatMap((row, r) => row.map((value, c) => Math.abs(value - expected[r]![c]!))),
  )
  expect(furthest).toBeLessThan(1e-6)
}

test.each(made.cases)('$name is what scikit-learn makes of it', ({ columns, steps, rows, expected }) => {
  expectClose(tensorOf([{ columns, steps }], rows, expected[0]!.length), expected)
})

test('blocks beside each other are a ColumnTransformer', () => {
  const { blocks, rows, expected } = made.whole
  expectClose(tensorOf(blocks, rows, expected[0]!.length), expected)
})

test('one row by itself gets what it gets among others', () => {
  const { blocks, rows, expected } = made.whole
  for (const [row, values] of expected.entries()) {
    const alone = Object.fromEntries(Object.entries(rows).map(([name, each]) => [name, each[row]]))
    expectClose(tensorOf(blocks, alone, values.length), [values])
  }
})

test.each(made.calibrations)('calibrated by $name', ({ calibrators, scores, expected }) => {
  const [only] = calibrators as object[]
  const by = calibrators.length === 1 ? only : { classes: calibrators }
  const steps = postprocess.parse([{ calibrate: { output: 'p', ...by } }]).map((step) => toPostStep(step))
  // A classifier of two answers with a column for each; the second is calibrated.
  const rows = scores.map((row) => (typeof row === 'number' ? [0, row] : row))
  expectClose(createPostprocess(steps).run({ p: rows }, undefined)['p'] as number[][], expected)
})
