import { describe, expect, test } from 'vitest'
import { setArgmax } from '../../../../gateway/upstream/ensemble/argmax.ts'
import { combineOutputs } from '../../../../gateway/upstream/ensemble/combine.ts'
import { writeFloats } from '../../../../gateway/upstream/ensemble/floats.ts'
import { elementsToJson, tensorToJson } from '../../../../model-workers/protocol/json.ts'
import type { Datatype, Tensor } from '../../../../model-workers/protocol/types.ts'
import { doubles, floats, integers, strings } from '../fixtures/tensors.ts'

/** Combines one output of each member, in order. */
function combine(tensors: readonly Tensor[], weights = tensors.map(() => 1 / tensors.length)): unknown[] {
  const members = tensors.map((tensor, i) => ({ model: `m${i}`, weight: weights[i]!, outputs: [tensor] }))
  return elementsToJson(combineOutputs(members)[0]!)
}

describe('medians', () => {
  const medians = (tensors: readonly Tensor[]) => {
    const members = tensors.map((tensor, i) => ({
      model: `m${i}`,
      weight: 1 / tensors.length,
      outputs: [tensor],
    }))
    return elementsToJson(combineOutputs(members, { medians: true })[0]!)
  }

  test('lie in the middle, or between the two that do', () => {
    expect(medians([doubles('y', [1, 9]), doubles('y', [5, 1]), doubles('y', [900, 2])])).toEqual([5, 2])
    expect(medians([floats('y', [[1, 3]]), floats('y', [[2, 4]])])).toEqual([1.5, 3.5])
    expect(medians([integers('y', [3]), integers('y', [4]), integers('y', [4])])).toEqual([4])
  })
})

describe('floats', () => {
  test('are weighted means, element by element', () => {
    expect(combine([doubles('y', [10, 1]), doubles('y', [20, 4])])).toEqual([15, 2.5])
    expect(combine([floats('y', [[0, 8]]), floats('y', [[4, 0]])], [0.25, 0.75])).toEqual([3, 2])
  })

  test('are added up in float64 whatever their own type', () => {
    const halves = (values: number[]): Tensor => ({
      name: 'y',
      datatype: 'FP16',
      shape: [values.length],
      bytes: writeFloats('FP16', Float64Array.from(values)),
    })
    // In float16 the sums of 60000 and of 1 + 2^-10 would overflow and round.
    expect(combine([halves([60_000, 1 + 2 ** -10]), halves([60_000, 1])])).toEqual([60_000, 1])
    expect(combine([halves([1, 2]), halves([2, 4])])).toEqual([1.5, 3])
  })

  test('may lie unaligned in a message', () => {
    const shifted = new Uint8Array(17)
    shifted.set(doubles('y', [10, 30]).bytes, 1)
    const unaligned: Tensor = { name: 'y', datatype: 'FP64', shape: [2], bytes: shifted.subarray(1) }
    expect(combine([unaligned, doubles('y', [20, 50])])).toEqual([15, 40])
  })
})

describe('everything else', () => {
  test('is decided by weighted majority, element by element', () => {
    const votes = [integers('label', [1, 1, 5]), integers('label', [2, 1, 5]), integers('label', [2, 7, 5])]
    expect(combine(votes)).toEqual([2, 1, 5])
    expect(combine(votes, [0.6, 0.2, 0.2])).toEqual([1, 1, 5])
  })

  test('ties go to the member listed first, however the weights round', () => {
    expect(combine([integers('label', [3]), integers('label', [2]), integers('label', [1])])).toEqual([3])
    // 0.1 + 0.2 is more than 0.3 in binary.
    const votes = [integers('label', [9]), integers('label', [4]), integers('label', [4])]
    expect(combine(votes, [0.3, 0.1, 0.2])).toEqual([9])
  })

  test('texts and booleans too', () => {
    expect(combine([strings('s', ['a', 'é']), strings('s', ['bc', 'x']), strings('s', ['bc', 'é'])])).toEqual(
      ['bc', 'é'],
    )
    const flags = (bytes: number[]): Tensor => ({
      name: 'ok',
      datatype: 'BOOL',
      shape: [bytes.length],
      bytes: Uint8Array.from(bytes),
    })
    expect(combine([flags([1, 0]), flags([0, 0]), flags([1, 1])])).toEqual([true, false])
  })
})

test('outputs are matched by name', () => {
  const combined = combineOutputs([
    { model: 'a', weight: 0.5, outputs: [doubles('score', [1]), integers('label', [3])] },
    { model: 'b', weight: 0.5, outputs: [integers('label', [3]), doubles('score', [2])] },
  ])
  expect(combined.map((tensor) => [tensor.name, elementsToJson(tensor)])).toEqual([
    ['score', [1.5]],
    ['label', [3]],
  ])
})

test.each<[string, Tensor[]]>([
  ['another shape', [doubles('y', [1, 2, 3])]],
  ['another type', [floats('y', [[1, 2]])]],
  ['another name', [doubles('z', [1, 2])]],
])('a member with %s is named', (_, outputs) => {
  const combining = () =>
    combineOutputs([
      { model: 'good', weight: 0.5, outputs: [doubles('y', [1, 2])] },
      { model: 'odd', weight: 0.5, outputs },
    ])
  expect(combining).toThrow(expect.objectContaining({ code: 'bad_output', model: 'odd' }))
})

test('what one member alone answers is left out, whoever is first', () => {
  const plain = { model: 'plain', weight: 0.5, outputs: [doubles('y', [1])] }
  const more = { model: 'more', weight: 0.5, outputs: [doubles('logits', [7]), doubles('y', [2])] }
  for (const members of [
    [plain, more],
    [more, plain],
  ]) {
    const combined = combineOutputs(members)
    expect(combined.map((tensor) => [tensor.name, elementsToJson(tensor)])).toEqual([['y', [1.5]]])
  }
})

describe('argmax', () => {
  const probabilities = floats('probabilities', [
    [0.1, 0.7, 0.2],
    [0.4, 0.2, 0.4],
  ])
  const label = (datatype: Datatype, shape = [2]): Tensor => {
    const size = { INT8: 1, UINT8: 1, INT16: 2, UINT16: 2, INT32: 4, UINT32: 4, INT64: 8, UINT64: 8 }[
      datatype as 'INT8'
    ]
    return { name: 'label', datatype, shape, bytes: new Uint8Array(2 * size) }
  }

  test.each(['INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'UINT32', 'UINT64'] as const)(
    'sets an output of %s to the position of the largest, the first of equals',
    (datatype) => {
      const outputs = setArgmax([label(datatype), probabilities], { output: 'label', over: 'probabilities' })
      expect(typeof outputs).toBe('object')
      expect((outputs as Tensor[]).map((tensor) => tensor.name)).toEqual(['label', 'probabilities'])
      expect(tensorToJson((outputs as Tensor[])[0]!)).toEqual([1, 0])
    },
  )

  test('keeps the shape of the output', () => {
    const outputs = setArgmax([label('INT64', [2, 1]), probabilities], {
      output: 'label',
      over: 'probabilities',
    })
    expect(tensorToJson((outputs as Tensor[])[0]!)).toEqual([[1], [0]])
  })

  test.each([
    ['label', 'scores', '"scores" is not a float output'],
    ['class', 'probabilities', 'there is no output "class"'],
    ['probabilities', 'row', '"probabilities" is not an integer output'],
    ['label', 'row', '"label" has not one element for each row'],
  ])('of %s over %s says why it cannot be', (output, over, why) => {
    const outputs = [label('INT64'), probabilities, { ...probabilities, name: 'row', shape: [6, 1] }]
    expect(setArgmax(outputs, { output, over })).toBe(why)
  })
})
