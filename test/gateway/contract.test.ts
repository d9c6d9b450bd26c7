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
