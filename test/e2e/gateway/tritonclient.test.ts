import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { identityModel } from '../../fixtures/onnx-models.ts'
import { findPython, type Python } from '../../support/find-python.ts'
import { tempDir } from '../../support/temp-dir.ts'

const script = join(import.meta.dirname, '../../fixtures/python/tritonclient_calls.py')
const datatypes = { floats: 'FP32', longs: 'INT64', texts: 'BYTES', halves: 'FP16' } as const
const floats = Array.from({ length: 300 }, (_, row) => [2 * row, 2 * row + 1])

let python: Python
beforeAll(async () => {
  python = await findPython('tritonclient', ['tritonclient[http]'])
  if ('reason' in python) console.log(`skipped Triton's Python client: ${python.reason}`)
}, 300_000)

/** Takes fields, and finishes what its model makes of them. */
const people = {
  arms: { only: { model: 'floats' } },
  preprocess: {
    tensors: {
      x: [
        { columns: ['age'], steps: [{ impute: 30 }] },
        { columns: ['country'], steps: [{ ordinal: ['DE', 'AT'] }] },
      ],
    },
  },
  postprocess: [{ threshold: { output: 'y', column: 0, at: 40, to: 'old' } }],
}

/** One endpoint for each datatype; that of floats has two arms. */
async function config(): Promise<string> {
  const dir = await tempDir()
  const names = Object.keys(datatypes) as (keyof typeof datatypes)[]
  await Promise.all(names.map((name) => writeFile(join(dir, `${name}.onnx`), identityModel(datatypes[name]))))
  const arms = (name: string) => ({
    first: { model: name },
    ...(name === 'floats' && { second: { model: name } }),
  })
  const path = join(dir, 'bandit.yaml')
  const text = {
    store: `sqlite:${dir}/bandit.db`,
    models: Object.fromEntries(names.map((name) => [name, { onnx: `${name}.onnx` }])),
    endpoints: { ...Object.fromEntries(names.map((name) => [name, { arms: arms(name) }])), people },
  }
  await writeFile(path, JSON.stringify(text))
  return path
}

describe("Triton's Python client", () => {
  test('works unchanged', async ({ skip }) => {
    if ('reason' in python) return skip(python.reason)
    const gateway = runGateway({ config: await config(), tmp: await tempDir() })
    const { host } = new URL(await gateway.ready())
    const { stdout } = await promisify(execFile)(join(python.bin, 'python'), [script, host])
    const told = JSON.parse(stdout) as Record<string, unknown>
    const drawn = {
      data: floats,
      version: expect.stringMatching(/^(first|second)$/),
      parameters: expect.objectContaining({
        propensity: expect.closeTo(0.5),
        prediction_id: expect.any(String),
      }),
    }
    expect(told).toMatchObject({
      ready: [true, true, true],
      versions: ['first', 'second'],
      binary: drawn,
      json: drawn,
      gzip: drawn,
      deflate: drawn,
      async: { binary: drawn, json: drawn, index: 6 },
      long: [
        ['9007199254740993', '-9223372036854775808'],
        ['9007199254740993', '-9223372036854775808'],
      ],
      text: ['grüß', 'dich'],
      half: [[1.5, -0.25]],
      pinned: { data: floats, version: 'second', parameters: { propensity: 1 } },
      wrong: ['400', expect.stringContaining('found INT64, expected FP32')],
      fields: {
        old: [1, 0],
        y: [
          [50, 1],
          [30, 0],
        ],
        inputs: [
          ['age', 'FP64'],
          ['country', 'BYTES'],
        ],
      },
      stats: [1, 2, 0],
      config: ['TYPE_FP32', [-1, 2]],
      nowhere: ['404', expect.stringContaining('there is no such model')],
    })
    expect(told['extensions']).toContain('binary_tensor_data')
    expect((told['pinned'] as typeof drawn).parameters).not.toHaveProperty('prediction_id')
  })
})
