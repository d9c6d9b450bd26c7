import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRequest, decodeResponse, encodeRequest } from '../../../model-workers/protocol/binary.ts'
import { ProtocolFault } from '../../../model-workers/protocol/faults.ts'
import { datatypes } from '../../../model-workers/protocol/types.ts'
import { namedSamples } from '../../fixtures/tensors.ts'

/** True when `decode` answers or finds a fault in the message; any other error is ours. */
const isJudged = (decode: () => unknown): boolean => {
  try {
    decode()
    return true
  } catch (error) {
    return error instanceof ProtocolFault
  }
}

const oddTensor = fc.record(
  {
    name: fc.oneof(fc.constantFrom('x', '__proto__', 'toString'), fc.jsonValue()),
    datatype: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...datatypes) },
      { weight: 1, arbitrary: fc.jsonValue() },
    ),
    shape: fc.oneof(fc.array(fc.nat(4), { maxLength: 3 }), fc.array(fc.integer()), fc.jsonValue()),
    data: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
    parameters: fc.oneof(fc.record({ binary_data_size: fc.nat(40) }), fc.jsonValue()),
  },
  { requiredKeys: ['name', 'datatype', 'shape'] },
)
const oddHead = fc.record(
  {
    inputs: fc.oneof(fc.array(oddTensor, { maxLength: 3 }), fc.jsonValue()),
    outputs: fc.oneof(fc.array(oddTensor, { maxLength: 3 }), fc.jsonValue()),
    parameters: fc.jsonValue(),
    id: fc.jsonValue(),
    model_name: fc.jsonValue(),
  },
  { requiredKeys: ['inputs', 'outputs'] },
)

test('whatever the head says, it is read or found at fault', () => {
  fc.assert(
    fc.property(oddHead, fc.uint8Array({ maxLength: 40 }), (value, behind) => {
      const head = Buffer.from(JSON.stringify(value))
      const body = Buffer.concat([head, behind])
      return (
        isJudged(() => decodeRequest(head.length, body)) && isJudged(() => decodeResponse(head.length, body))
      )
    }),
    { numRuns: 2_000 },
  )
})

test('a good request with bytes changed, lost or added is read or found at fault', () => {
  const { headers, body } = encodeRequest({ inputs: namedSamples })
  const length = Number(headers['inference-header-content-length'])
  const at = fc.nat(body.length - 1)
  fc.assert(
    fc.property(at, fc.nat(255), fc.nat(3), fc.nat(length + 3), (at, byte, cut, headerLength) => {
      const changed = Buffer.from(body.subarray(0, body.length - cut))
      if (at < changed.length) changed[at] = byte
      return (
        isJudged(() => decodeRequest(length, changed)) && isJudged(() => decodeRequest(headerLength, changed))
      )
    }),
    { numRuns: 2_000 },
  )
  expect(isJudged(() => decodeRequest(length, body))).toBe(true)
})
