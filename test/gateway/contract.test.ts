import pino from 'pino'
import { expect, test } from 'vitest'
import { createContract } from '../../gateway/contract.ts'
import type { ModelUpstream } from '../../gateway/upstream/model-upstream.ts'
import type { ModelMetadata, TensorSpec } from '../../model-workers/protocol/types.ts'
import { createFakeArm, createFakeEndpoint } from '../fixtures/fake-endpoint.ts'

const spec = (name: string, width: number): TensorSpec => ({ name, datatype: 'FP32', shape: [-1, width] })
const { settings } = createFakeEndpoint()
const metadata: ModelMetadata = { name: 'network', platform: '', inputs: [spec('small', 4)], outputs: [] }
const network = { name: 'network', metadata: () => metadata } as unknown as ModelUpstream

type Outside = readonly TensorSpec[] | string | undefined

/** Whose models before the arms ask for `outside`, whatever that is by now. */
function hold(outside: () => Outside, misfit?: (specs: readonly TensorSpec[]) => string | undefined) {
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(line) })
  const before = misfit && { before: { misfit } as never }
  const contract = createContract(settings, [network], logger, before, { outside })
  return { contract, arm: contract.hold(createFakeArm('first'), [network]), lines }
}

test('requests bring what the models before the arms take, once these have said so', () => {
  const told: { outside: Outside } = { outside: undefined }
  const { contract, arm } = hold(() => told.outside)
  expect(contract.inputs()).toBeUndefined()
  expect(contract.takes()).toEqual([spec('small', 4)])
  expect(arm.available()).toBe(true)
  told.outside = [spec('image', 16)]
  expect(contract.inputs()).toEqual([spec('image', 16)])
  expect(arm.available()).toBe(true)
})

test('an arm that does not take what they make is left out, and the log says why', () => {
  const { contract, arm, lines } = hold(() => '"small" is FP32 [-1, 3] by then')
  expect(arm.available()).toBe(false)
  expect(contract.inputs()).toBeUndefined()
  expect(lines.join()).toContain('does not fit the models of preprocess: \\"small\\" is FP32 [-1, 3] by then')
})

test('the tensors of fields are held against what the models before the arms take', () => {
  const seen: unknown[] = []
  const { arm } = hold(
    () => [spec('image', 16)],
    (specs) => void seen.push(specs),
  )
  expect(arm.available()).toBe(true)
  expect(seen).toEqual([[spec('image', 16)]])
})

const labelled = (name: string, datatype: 'INT64' | 'BYTES', inputs = [spec('small', 4)]): ModelUpstream => {
  const outputs: readonly TensorSpec[] = [{ name: 'label', datatype, shape: [-1] }]
  return { name, metadata: () => ({ name, platform: '', inputs, outputs }) } as unknown as ModelUpstream
}

/** Which of the models may answer, and what the log says of the others. */
function judge(models: readonly ModelUpstream[]) {
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(line) })
  const reward = { ...settings.reward, from: 'label', output: 'label' } as const
  const contract = createContract({ ...settings, reward }, models, logger)
  const able = models.filter((model) => contract.hold(createFakeArm(model.name), [model]).available())
  return { able: able.map(({ name }) => name), said: lines.join() }
}

test('a true label is text or a number: an arm that says the other thing than the first is left out', () => {
  const { able, said } = judge([labelled('a', 'INT64'), labelled('b', 'BYTES'), labelled('c', 'INT64')])
  expect(able).toEqual(['a', 'c'])
  expect(said).toContain('model b says \\"label\\" in text where a does in numbers')
  expect(said).toContain('models.b.fit.outputs.label')
})

test('one that takes other inputs is told how it could take the same', () => {
  const { able, said } = judge([
    labelled('a', 'INT64'),
    labelled('b', 'INT64', [spec('image', 4)]),
    labelled('c', 'INT64', [{ ...spec('small', 4), shape: [1, 4] }]),
  ])
  expect(able).toEqual(['a'])
  expect(said).toMatch(/model b takes other inputs than a: .*models\.b\.fit\.inputs can say/)
  expect(said).toMatch(/model c takes other inputs than a: .*export it with a free first dimension/)
})

test.each([
  [
    ['odd', 'a', 'b'],
    ['a', 'b'],
  ],
  [
    ['b', 'odd', 'a'],
    ['a', 'b'],
  ],
  [['odd', 'a'], ['a']],
])('who is up first decides nothing: %s', (order, able) => {
  const up = new Set<string>()
  const models = [
    labelled('a', 'INT64'),
    labelled('odd', 'BYTES', [spec('image', 4)]),
    ...(order.includes('b') ? [labelled('b', 'INT64')] : []),
  ]
  for (const model of models) {
    const told = model.metadata()
    model.metadata = () => (up.has(model.name) ? told : undefined)
  }
  const reward = { ...settings.reward, from: 'label', output: 'label' } as const
  const contract = createContract({ ...settings, reward }, models, pino({ level: 'silent' }))
  const arms = models.map((model) => contract.hold(createFakeArm(model.name), [model]))
  for (const name of order) {
    up.add(name)
    expect(arms.some((arm) => up.has(arm.name) && arm.available())).toBe(true)
  }
  expect(arms.filter((arm) => arm.available()).map(({ name }) => name)).toEqual(able)
  expect(contract.inputs()).toEqual([spec('small', 4)])
  expect(arms.map((arm) => [arm.name, arm.misfit?.()])).toContainEqual([
    'odd',
    expect.stringMatching(/^model odd takes other inputs than a: /),
  ])
  expect(arms[0]!.misfit!()).toBeUndefined()
})
