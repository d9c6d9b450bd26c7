import { describe, expect, test } from 'vitest'
import { createEnsembleArm } from '../../../../gateway/upstream/ensemble/ensemble-arm.ts'
import { UpstreamError, type UpstreamFault } from '../../../../gateway/upstream/errors.ts'
import { elementsToJson } from '../../../../model-workers/protocol/json.ts'
import type { Tensor } from '../../../../model-workers/protocol/types.ts'
import { createManualClock, soFar } from '../fixtures/manual-clock.ts'
import { doubles, floats, integers } from '../fixtures/tensors.ts'

type Stack = Extract<Parameters<typeof createEnsembleArm>[0]['combine'], object>

type Behaviour = number | readonly Tensor[] | UpstreamFault | 'hangs' | 'down'

/** An ensemble of members that answer with one number, fail with a code, hang until their deadline, or are down. */
function createEnsemble(
  behaviours: readonly Behaviour[],
  {
    weights = behaviours.map(() => 1),
    quorum = 2,
    argmax,
    combine,
    isScored = false,
  }: {
    isScored?: boolean
    weights?: number[]
    quorum?: number
    combine?: 'medians' | 'first' | Stack
    argmax?: { output: string; over: string }
  } = {},
) {
  const clock = createManualClock()
  const deadlines: number[] = []
  const members = behaviours.map((behaviour, i) => ({
    name: `m${i}`,
    available: () => behaviour !== 'down',
    wake: () => false,
    async infer(_: readonly Tensor[], deadlineAt: number): Promise<readonly Tensor[]> {
      deadlines.push(deadlineAt)
      if (typeof behaviour === 'number') return [doubles('y', [behaviour])]
      if (typeof behaviour !== 'string') return behaviour
      const code = behaviour === 'hangs' ? 'timeout' : (behaviour as UpstreamFault)
      if (behaviour === 'hangs')
        await new Promise<void>((resolve) => void clock.after(deadlineAt - clock.now(), resolve))
      throw new UpstreamError(code, `m${i}`, `made to be ${code}`)
    },
  }))
  const arm = createEnsembleArm({
    name: 'committee',
    members,
    weights: () => weights,
    ...(combine && { combine }),
    quorum,
    isScored,
    deadlineMs: 50,
    clock,
    ...(argmax === undefined ? {} : { argmax }),
  })
  return { arm, clock, deadlines }
}

const inputs = [floats('x', [[1, 2]])]
const numbers = (outputs: readonly Tensor[]): unknown[] => elementsToJson(outputs[0]!)

test('answers with the weighted mean of all members, and says who they were', async () => {
  const { arm } = createEnsemble([10, 20, 40], { weights: [2, 1, 1] })
  const answer = await arm.infer(inputs, 1_000)
  expect(numbers(answer.outputs)).toEqual([20])
  expect(answer.members).toEqual([
    { model: 'm0', status: 'answered', weight: 0.5 },
    { model: 'm1', status: 'answered', weight: 0.25 },
    { model: 'm2', status: 'answered', weight: 0.25 },
  ])
})

describe('with one member lost the others carry its weight', () => {
  test.each([
    ['down', 'unavailable'],
    ['unreachable', 'failed'],
    ['bad_output', 'failed'],
    ['rejected', 'failed'],
  ] as const)('one that is %s is not waited for', async (behaviour, status) => {
    const { arm } = createEnsemble([10, behaviour, 20])
    const answer = await arm.infer(inputs, 1_000)
    expect(numbers(answer.outputs)).toEqual([15])
    expect(answer.members).toEqual([
      { model: 'm0', status: 'answered', weight: 0.5 },
      { model: 'm1', status, weight: 0 },
      { model: 'm2', status: 'answered', weight: 0.5 },
    ])
  })

  test('one that hangs is waited for until the deadline', async () => {
    const { arm, clock } = createEnsemble([10, 'hangs', 20])
    const asked = arm.infer(inputs, 1_000)
    await clock.advance(49)
    expect(await soFar(asked)).toBe('waits')
    await clock.advance(1)
    const answer = await asked
    expect(numbers(answer.outputs)).toEqual([15])
    expect(answer.members?.[1]).toEqual({ model: 'm1', status: 'late', weight: 0 })
  })
})

describe('for a caller who is exact', () => {
  const caller = { onGone: () => {}, exact: { runMs: 100 } }

  test('every member is waited for, until the deadline of the caller', async () => {
    const { arm, deadlines } = createEnsemble([10, 20, 40])
    expect(numbers((await arm.infer(inputs, 1_000, caller)).outputs)).toEqual([70 / 3])
    expect(deadlines).toEqual([1_000, 1_000, 1_000])
  })

  test('the others do not carry what is missing', async () => {
    const { arm } = createEnsemble([10, 'unreachable', 40])
    await expect(arm.infer(inputs, 1_000, caller)).rejects.toThrow('2 of its members answered where 3 must')
  })

  test('the first is the first of the list, not of the clock', async () => {
    const { arm, deadlines } = createEnsemble([10, 20], { combine: 'first', quorum: 1 })
    const answer = await arm.infer(inputs, 1_000, caller)
    expect(numbers(answer.outputs)).toEqual([10])
    expect(answer.members?.map(({ status }) => status)).toEqual(['answered', 'outrun'])
    expect(deadlines).toEqual([1_000])
  })
})

test.each([
  [1_000, 50],
  [20, 20],
])('a caller who waits until %i lets every member have until %i', async (deadlineAt, until) => {
  const { arm, deadlines } = createEnsemble([1, 2, 3])
  await arm.infer(inputs, deadlineAt)
  expect(deadlines).toEqual([until, until, until])
})

describe('below the quorum', () => {
  test.each<[Behaviour[], UpstreamFault, string]>([
    [[10, 'hangs', 'hangs'], 'timeout', 'm0 answered, m1 late, m2 late'],
    [[10, 'hangs', 'unreachable'], 'timeout', 'm0 answered, m1 late, m2 failed'],
    [[10, 'unreachable', 'bad_output'], 'unreachable', 'm0 answered, m1 failed, m2 failed'],
    [['rejected', 'rejected', 'rejected'], 'rejected', 'm0 failed, m1 failed, m2 failed'],
    [[10, 'rejected', 'rejected'], 'unreachable', 'm0 answered, m1 failed, m2 failed'],
    [[10, 'overloaded', 'overloaded'], 'overloaded', 'm0 answered, m1 failed, m2 failed'],
  ])('%j fails as %s', async (behaviours, code, words) => {
    const { arm, clock } = createEnsemble(behaviours)
    const asked = arm.infer(inputs, 1_000).catch((error: unknown) => error)
    await clock.advance(50)
    expect(await asked).toMatchObject({ code, model: 'committee', message: expect.stringContaining(words) })
  })

  test('too few that can be asked make the arm unavailable, and nobody is asked', async () => {
    const { arm, deadlines } = createEnsemble([10, 'down', 'down'])
    expect(arm.available()).toBe(false)
    await expect(arm.infer(inputs, 1_000)).rejects.toMatchObject({ code: 'unreachable' })
    expect(deadlines).toEqual([])
  })
})

test('is available with exactly the quorum', () => {
  expect(createEnsemble([10, 'down', 20]).arm.available()).toBe(true)
})

test('without argmax labels are voted on, with it they follow the mean', async () => {
  const says = (label: number, ...probabilities: number[]) => [
    integers('label', [label]),
    floats('probabilities', [probabilities]),
  ]
  const members = [says(0, 0.5, 0.5), says(0, 0.5, 0.5), says(1, 0, 1)]
  const voted = await createEnsemble(members).arm.infer(inputs, 1_000)
  expect(numbers(voted.outputs)).toEqual([0])
  const meant = await createEnsemble(members, {
    argmax: { output: 'label', over: 'probabilities' },
  }).arm.infer(inputs, 1_000)
  expect(numbers(meant.outputs)).toEqual([1])
})

test('members whose outputs cannot be combined, or not as configured, are bad output', async () => {
  const unlike = createEnsemble([10, [doubles('y', [1, 2])]]).arm.infer(inputs, 1_000)
  await expect(unlike).rejects.toMatchObject({ code: 'bad_output', model: 'm1' })
  const misnamed = createEnsemble([10, 20], { argmax: { output: 'label', over: 'y' } }).arm.infer(
    inputs,
    1_000,
  )
  await expect(misnamed).rejects.toMatchObject({ code: 'bad_output', model: 'committee' })
  const opposed = createEnsemble([Infinity, -Infinity]).arm.infer(inputs, 1_000)
  await expect(opposed).rejects.toMatchObject({ code: 'bad_output', model: 'committee' })
})

test('the first answer is enough; the others are named, and not waited for', async () => {
  const { arm, clock } = createEnsemble(['hangs', 'unreachable', 20, 30], { quorum: 1, combine: 'first' })
  const { outputs, members } = await arm.infer(inputs, 1_000)
  expect(numbers(outputs)).toEqual([20])
  expect(members!.map(({ status, weight }) => [status, weight])).toEqual([
    ['outrun', 0],
    ['failed', 0],
    ['answered', 1],
    ['outrun', 0],
  ])
  await clock.advance(50)
  const none = createEnsemble(['unreachable', 'bad_output'], { quorum: 1, combine: 'first' })
  await expect(none.arm.infer(inputs, 1_000)).rejects.toMatchObject({ code: 'unreachable' })
})

test('where true labels score them, those outrun go on, and what they say comes later', async () => {
  const { arm, clock } = createEnsemble(['hangs', 'unreachable', 20, 30], {
    quorum: 1,
    combine: 'first',
    isScored: true,
  })
  const gone: (() => void)[] = []
  const { later } = await arm.infer(inputs, 1_000, { onGone: (callback) => void gone.push(callback) })
  // The client has its answer and closes.
  for (const callback of gone) callback()
  await clock.advance(50)
  expect((await later)!.map(({ model, outputs }) => [model, numbers(outputs)])).toEqual([['m3', [30]]])
})

test('the median is of those that have answered, whatever their weights', async () => {
  const { arm } = createEnsemble([10, 90, 20, 'down'], { combine: 'medians', weights: [1, 9, 1, 1] })
  expect(numbers((await arm.infer(inputs, 1_000)).outputs)).toEqual([20])
})

describe('stacked', () => {
  const stackOf = (width: number, isUp = true): Stack & { given: Tensor[] } => {
    const given: Tensor[] = []
    const upstream = {
      name: 'meta',
      available: () => isUp,
      wake: () => isUp,
      metadata: () => ({
        name: 'meta',
        platform: 'onnx',
        inputs: [{ name: 'all', datatype: 'FP32', shape: [-1, width] } as const],
        outputs: [],
      }),
      async infer(tensors: readonly Tensor[]) {
        given.push(...tensors)
        return [integers('label', [3, 4])]
      },
    }
    return { upstream, over: 'p', given }
  }
  const [left, right] = [[floats('p', [[1, 2], [5, 6]])], [floats('p', [[3], [7]])]] // prettier-ignore

  test('the last model gets what the members say side by side, row by row', async () => {
    const stack = stackOf(3)
    const { arm } = createEnsemble([left, right], { combine: stack })
    const { outputs, said } = await arm.infer(inputs, 1_000)
    expect(elementsToJson(outputs[0]!)).toEqual([3, 4])
    expect(stack.given).toEqual([floats('all', [[1, 2, 3], [5, 6, 7]])]) // prettier-ignore
    expect(said!.map(({ model }) => model)).toEqual(['m0', 'm1'])
  })

  test('it is down with its last model, and says what does not fit', async () => {
    expect(createEnsemble([left, right], { combine: stackOf(3, false) }).arm.available()).toBe(false)
    const wide = createEnsemble([left, right], { combine: stackOf(4) }).arm.infer(inputs, 1_000)
    await expect(wide).rejects.toThrow(/meta: it takes 4 numbers a row, and its members give 3/)
    const other = createEnsemble([left, [floats('q', [[1]])]], { combine: stackOf(3) }).arm.infer(
      inputs,
      1_000,
    )
    await expect(other).rejects.toThrow(/meta: "p" is not a float output of m1/)
  })
})

test('a mistake of ours is not hidden among the faults of members', async () => {
  const infer = () => Promise.reject(new TypeError('mistake'))
  const broken = { name: 'm', available: () => true, wake: () => true, infer }
  const arm = createEnsembleArm({
    name: 'e',
    members: [broken],
    weights: () => [1],
    quorum: 1,
    deadlineMs: 50,
  })
  await expect(arm.infer(inputs, 1_000)).rejects.toThrow(TypeError)
})
