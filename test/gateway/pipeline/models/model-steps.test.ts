import { describe, expect, test } from 'vitest'
import { createModelSteps, type ModelStep } from '../../../../gateway/pipeline/models/model-steps.ts'
import { UpstreamError } from '../../../../gateway/upstream/errors.ts'
import { tensorFromJson, tensorToJson } from '../../../../model-workers/protocol/json.ts'
import type { Tensor, TensorSpec } from '../../../../model-workers/protocol/types.ts'

const spec = (name: string, width: number): TensorSpec => ({ name, datatype: 'FP32', shape: [-1, width] })
const x = tensorFromJson(spec('x', 1), [[1], [2]])

interface Model extends Partial<ModelStep['config']> {
  readonly does?: (inputs: readonly Tensor[]) => readonly Tensor[]
  readonly takes?: string
  readonly deadlineMs?: number
  readonly known?: boolean
}

/** `y` is twice `x`. */
const double = (inputs: readonly Tensor[]): readonly Tensor[] => {
  const rows = tensorToJson(inputs[0]!) as number[][]
  return [
    tensorFromJson(
      spec('y', 1),
      rows.map(([value]) => [2 * value!]),
    ),
  ]
}

function createStep({ does = double, takes = 'x', deadlineMs = Infinity, known = true, ...config }: Model) {
  const asked: { names: string[]; until: number }[] = []
  const upstream: ModelStep['upstream'] = {
    name: 'double',
    metadata: () =>
      known ? { name: 'double', platform: '', inputs: [spec(takes, 1)], outputs: [spec('y', 1)] } : undefined,
    available: () => known,
    async infer(inputs, until) {
      asked.push({ names: inputs.map(({ name }) => name), until })
      return does(inputs)
    },
  }
  return { asked, step: { config: { model: 'double', ...config }, upstream, deadlineMs } }
}

const now = { now: () => 1000 }

test('each takes what those before it have made, under the names that it knows', async () => {
  const first = createStep({ outputs: { y: 'a' } })
  const second = createStep({ inputs: { x: 'a' }, outputs: { y: 'b' }, deadlineMs: 50 })
  const steps = createModelSteps([first.step, second.step], now)
  expect(steps.outside([spec('b', 1)])).toEqual([spec('x', 1)])
  const made = await steps.run([x], [spec('b', 1)], 1500)
  expect(made.map(({ name }) => name)).toEqual(['b'])
  expect(tensorToJson(made[0]!)).toEqual([[4], [8]])
  expect(first.asked).toEqual([{ names: ['x'], until: 1500 }])
  expect(second.asked).toEqual([{ names: ['x'], until: 1050 }])
})

test('what they take is known once all have said it', () => {
  const [known, unknown] = [createStep({ outputs: { y: 'x' } }).step, createStep({ known: false }).step]
  const steps = createModelSteps([known, unknown], now)
  expect(steps.outside([spec('y', 1)])).toBeUndefined()
  expect(steps.available()).toBe(false)
  expect(createModelSteps([known], now).available()).toBe(true)
})

describe('what goes wrong', () => {
  test('a name that the model does not have is told', () => {
    const { step } = createStep({ outputs: { z: 'b' } })
    expect(createModelSteps([step], now).outside([spec('b', 1)])).toBe(
      'double has no "z" among its outputs, which are y',
    )
  })

  test('the fault of a model is that of the run', async () => {
    const fault = new UpstreamError('timeout', 'double', 'late')
    const { step } = createStep({
      does: () => {
        throw fault
      },
    })
    await expect(createModelSteps([step], now).run([x], [spec('y', 1)], 1500)).rejects.toBe(fault)
  })

  test('rows that are lost on the way are a fault of who lost them', async () => {
    const { step } = createStep({ does: () => [tensorFromJson(spec('y', 1), [[1]])] })
    const run = createModelSteps([step], now).run([x], [spec('x', 1), spec('y', 1)], 1500)
    await expect(run).rejects.toMatchObject({ code: 'bad_output', model: 'double' })
  })
})
