import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { FitOutput, ModelFit } from '../../../../gateway/config/models/fit.ts'
import { fitClient } from '../../../../gateway/upstream/fit/fit-client.ts'
import type { ReplicaClient } from '../../../../gateway/upstream/replicas/client.ts'
import { openOnnxModel } from '../../../../model-workers/onnx.ts'
import { tensorFromJson, tensorToJson } from '../../../../model-workers/protocol/json.ts'
import type { Datatype } from '../../../../model-workers/protocol/types.ts'
import { identityModel, matMulModel } from '../../../fixtures/onnx-models.ts'
import { tempDir } from '../../../support/temp-dir.ts'

/** A model that really runs, without the process round it. */
async function open(file: Uint8Array, fit: Partial<ModelFit>): Promise<ReplicaClient> {
  const path = join(await tempDir(), 'model.onnx')
  await writeFile(path, file)
  const model = await openOnnxModel({ path, name: 'own', version: '1', logger: { warn: () => undefined } })
  onTestFinished(() => model.close())
  const client: ReplicaClient = {
    infer: async (request) => ({ modelName: 'own', outputs: await model.infer(request) }),
    metadata: async () => model.metadata,
    ready: async () => true,
    close: async () => undefined,
  }
  return fitClient(client, 'own', { inputs: [], outputs: [], ...fit })
}

const input = (name: string, shape: readonly number[], value: unknown, datatype: Datatype = 'FP32') =>
  tensorFromJson({ name, datatype, shape }, value)

async function answer(client: ReplicaClient, tensor: ReturnType<typeof input>) {
  const { outputs } = await client.infer({ inputs: [tensor] }, new AbortController().signal, 1000)
  return Object.fromEntries(outputs.map((output) => [output.name, tensorToJson(output)]))
}

const argmax = (classes?: readonly string[] | readonly number[]): FitOutput => ({
  kind: 'argmax',
  name: 'label',
  from: 'y',
  ...(classes && { classes }),
})

test('rows that requests bring flat become the images of the model, and what it says gets another name', async () => {
  const client = await open(identityModel('FP32', ['batch', 1, 2, 3]), {
    inputs: [{ name: 'pixels', as: 'x', shape: [-1, 6] }],
    outputs: [{ kind: 'same', name: 'image', from: 'y' }],
  })
  expect(await client.metadata(1000)).toMatchObject({
    inputs: [{ name: 'pixels', datatype: 'FP32', shape: [-1, 6] }],
    outputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 1, 2, 3] }],
  })
  const rows = [
    [1, 2, 3, 4, 5, 6],
    [7, 8, 9, 10, 11, 12],
  ]
  const image = rows.map((row) => [[row.slice(0, 3), row.slice(3)]])
  expect(await answer(client, input('pixels', [2, 6], rows))).toEqual({ image })
})

test('a model of doubles takes the floats of the others', async () => {
  const client = await open(identityModel('FP64'), { inputs: [{ name: 'x', as: 'x', datatype: 'FP32' }] })
  expect((await client.metadata(1000)).inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [-1, 2] }])
  expect(await answer(client, input('x', [1, 2], [[0.5, -3]]))).toEqual({ y: [[0.5, -3]] })
})

test.each([
  ['their places', undefined, 'INT64', [1, 0]],
  ['numbers', [10, 20], 'INT64', [20, 10]],
  ['texts', ['ham', 'spam'], 'BYTES', ['spam', 'ham']],
] as const)('greatest columns become labels: %s', async (_, classes, datatype, label) => {
  const client = await open(matMulModel(), { outputs: [argmax(classes)] })
  expect((await client.metadata(1000)).outputs).toEqual([
    { name: 'y', datatype: 'FP32', shape: [-1, 2] },
    { name: 'label', datatype, shape: [-1] },
  ])
  const rows = [
    [1, 0, 0],
    [-1, 0, 0],
  ]
  expect(await answer(client, input('x', [2, 3], rows))).toEqual({
    y: [
      [1, 2],
      [-1, -2],
    ],
    label,
  })
})

test('logits become probabilities, however great they are', async () => {
  const client = await open(identityModel('FP32'), {
    outputs: [{ kind: 'softmax', name: 'y', from: 'y' }, argmax()],
  })
  await client.metadata(1000)
  const rows = [
    [Math.log(3), 0],
    [1000, 1000],
    [-1e30, 1e30],
  ]
  const { y, label } = await answer(client, input('x', [3, 2], rows))
  expect((y as number[][]).flat().map((value) => Number(value.toFixed(6)))).toEqual([
    0.75, 0.25, 0.5, 0.5, 0, 1,
  ])
  expect(label).toEqual([0, 0, 1])
})

test('NaN stays NaN, and is told by whoever looks for it', async () => {
  const client = await open(identityModel('FP32'), {
    outputs: [{ kind: 'softmax', name: 'y', from: 'y' }],
  })
  await client.metadata(1000)
  const nan = {
    ...input('x', [1, 2], [[0, 0]]),
    bytes: new Uint8Array(Float32Array.of(Number.NaN, 1).buffer),
  }
  const { outputs } = await client.infer({ inputs: [nan] }, new AbortController().signal, 1000)
  expect(new Float32Array(outputs[0]!.bytes.slice().buffer)[0]).toBeNaN()
})

test.each([
  ['has no input "z": it takes "x"', { inputs: [{ name: 'a', as: 'z' }] }],
  ['a row has 2 elements, not 3', { inputs: [{ name: 'x', as: 'x', shape: [-1, 3] }] }],
  ['the first dimension has to be the same', { inputs: [{ name: 'x', as: 'x', shape: [1, 2, 1] }] }],
  ['only the first dimension may be free', { inputs: [{ name: 'x', as: 'x', shape: [-1, -1, 2] }] }],
  ['has no output "z": it answers "y"', { outputs: [{ kind: 'same', name: 'a', from: 'z' }] }],
  ['"y" has 2 columns, and classes names 3', { outputs: [argmax([1, 2, 3])] }],
] as const)('a model that does not fit is refused in words: %s', async (words, fit) => {
  const client = await open(identityModel('FP32'), fit)
  await expect(client.metadata(1000)).rejects.toMatchObject({
    code: 'bad_output',
    message: expect.stringMatching(/^own does not fit models\.own\.fit: /),
  })
  await expect(client.metadata(1000)).rejects.toThrow(words)
})

test.each([
  [
    'integers become no floats',
    identityModel('INT64'),
    { inputs: [{ name: 'x', as: 'x', datatype: 'FP32' }] },
  ],
  ['nor have they a greatest', identityModel('INT64'), { outputs: [argmax()] }],
  ['nor has a column alone', identityModel('FP32', ['batch']), { outputs: [argmax()] }],
] as const)('%s', async (_, file, fit) => {
  const client = await open(file, fit)
  await expect(client.metadata(1000)).rejects.toThrow(/floats/)
})

test('a column without a class is a bad answer, where nobody knew before how many there are', async () => {
  const client = await open(identityModel('FP32', ['batch', 'columns']), { outputs: [argmax(['only'])] })
  await client.metadata(1000)
  await expect(answer(client, input('x', [1, 2], [[0, 1]]))).rejects.toMatchObject({ code: 'bad_output' })
})
