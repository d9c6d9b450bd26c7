import { bytesPerElement } from '../../../model-workers/protocol/sizes.ts'
import type { Tensor } from '../../../model-workers/protocol/types.ts'

export type FloatTensor = Tensor & { readonly datatype: 'FP16' | 'FP32' | 'FP64' }

export function isFloat(tensor: Tensor): tensor is FloatTensor {
  return tensor.datatype === 'FP16' || tensor.datatype === 'FP32' || tensor.datatype === 'FP64'
}

/** The elements, widened to float64. */
export function readFloats({ datatype, bytes }: FloatTensor): Float64Array {
  const size = bytesPerElement(datatype)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values = new Float64Array(bytes.length / size)
  switch (datatype) {
    case 'FP16':
      for (let i = 0; i < values.length; i++) values[i] = view.getFloat16(i * size, true)
      return values
    case 'FP32':
      for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(i * size, true)
      return values
    case 'FP64':
      for (let i = 0; i < values.length; i++) values[i] = view.getFloat64(i * size, true)
      return values
  }
}

/** `values` rounded to `datatype`. */
export function writeFloats(datatype: FloatTensor['datatype'], values: Float64Array): Uint8Array {
  const size = bytesPerElement(datatype)
  const bytes = new Uint8Array(values.length * size)
  const view = new DataView(bytes.buffer)
  switch (datatype) {
    case 'FP16':
      for (let i = 0; i < values.length; i++) view.setFloat16(i * size, values[i]!, true)
      return bytes
    case 'FP32':
      for (let i = 0; i < values.length; i++) view.setFloat32(i * size, values[i]!, true)
      return bytes
    case 'FP64':
      for (let i = 0; i < values.length; i++) view.setFloat64(i * size, values[i]!, true)
      return bytes
  }
}
