import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openOnnxModel } from '../../model-workers/onnx.ts'
import { tensorFromJson, tensorToJson } from '../../model-workers/protocol/json.ts'
import { concatenateRows } from '../../model-workers/protocol/rows.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import { quietLogger } from '../fixtures/quiet-logger.ts'

interface Recorded {
  readonly file: string
  readonly sha256: string
  readonly bytes: number
  readonly clean: { readonly correct: number; readonly total: number }
}
interface Row {
  readonly pixels: readonly number[]
  readonly label: number
}

const digits = new URL('../../examples/digits/', import.meta.url)
const recorded = JSON.parse(await readFile(new URL('models.json', digits), 'utf8')) as {
  readonly models: Readonly<Record<string, Recorded>>
}
const rows = (await readFile(new URL('stream.ndjson', digits), 'utf8'))
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Row)

const pixels = { name: 'pixels', datatype: 'FP32', shape: [-1, 64] } as const
const label = { name: 'label', datatype: 'INT64', shape: [-1] } as const
const probabilities = { name: 'probabilities', datatype: 'FP32', shape: [-1, 10] } as const
const inputs = rows.map((row) => tensorFromJson(pixels, row.pixels))

describe.each(Object.entries(recorded.models))('%s', (name, { file, sha256, bytes, clean }) => {
  const path = fileURLToPath(new URL(file, digits))
  const open = async () => {
    const model = await openOnnxModel({ path, name, version: '1', logger: quietLogger })
    onTestFinished(() => model.close())
    return model
  }
  const correct = (labels: readonly Tensor[]): number =>
    labels
      .flatMap((tensor) => tensorToJson(tensor) as number[])
      .filter((value, i) => value === rows[i]!.label).length

  test('is the file that was measured', async () => {
    const content = await readFile(path)
    expect(content.length).toBe(bytes)
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
  })

  test('takes pixels and gives labels and probabilities', async () => {
    const { metadata } = await open()
    expect(metadata.inputs).toEqual([pixels])
    expect(metadata.outputs).toEqual([label, probabilities])
  })

  test('reads as many digits as was measured, row by row and all at once', async () => {
    const model = await open()
    expect(rows).toHaveLength(clean.total)
    const one: Tensor[] = []
    for (const input of inputs) one.push(...(await model.infer({ inputs: [input], outputs: ['label'] })))
    expect(correct(one)).toBe(clean.correct)
    const all = await model.infer({ inputs: [concatenateRows(inputs)], outputs: ['label'] })
    expect(correct(all)).toBe(clean.correct)
  })
})
