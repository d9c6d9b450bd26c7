import { expect, test } from 'vitest'
import { signatureDifference } from '../../../gateway/upstream/signature.ts'
import type { TensorSpec } from '../../../model-workers/protocol/types.ts'

const pixels: TensorSpec = { name: 'pixels', datatype: 'FP32', shape: [-1, 64] }
const mask: TensorSpec = { name: 'mask', datatype: 'BOOL', shape: [-1] }

test.each<[string, TensorSpec[], string | undefined]>([
  ['the same', [pixels, mask], undefined],
  ['the same in another order', [mask, pixels], undefined],
  ['one less', [pixels], '"mask" is missing'],
  ['one more', [pixels, mask, { ...mask, name: 'bias' }], '"bias" is one too many'],
  [
    'another type',
    [{ ...pixels, datatype: 'FP64' }, mask],
    '"pixels" is FP64 [-1, 64] instead of FP32 [-1, 64]',
  ],
  [
    'another rank',
    [{ ...pixels, shape: [-1, 8, 8] }, mask],
    '"pixels" is FP32 [-1, 8, 8] instead of FP32 [-1, 64]',
  ],
  [
    'a fixed batch',
    [{ ...pixels, shape: [1, 64] }, mask],
    '"pixels" is FP32 [1, 64] instead of FP32 [-1, 64]',
  ],
])('%s', (_, other, difference) => {
  expect(signatureDifference([pixels, mask], other)).toBe(difference)
})
