import { Tensor as OrtTensor, type SessionValue } from './onnxruntime.ts'
import { decodeStrings, encodeStrings } from './protocol/byte-strings.ts'
import { TensorFault } from './protocol/faults.ts'
import type { Datatype, Tensor } from './protocol/types.ts'
import { isFixed, toTypedArray } from './protocol/views.ts'

type OrtType = SessionValue['type']

/** ONNX Runtime for Node takes no BF16: a model with it is not loaded. */
const ortTypes: Readonly<Record<Exclude<Datatype, 'BF16'>, OrtType>> = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
}
const datatypes = new Map(Object.entries(ortTypes).map(([datatype, type]) => [type, datatype as Datatype]))

/** Undefined for what the protocol has no word for, such as 4-bit integers. */
export function toDatatype(type: OrtType): Datatype | undefined {
  return datatypes.get(type)
}

/** Throws a TensorFault for elements that onnxruntime would take and silently change. */
export function toOrt(tensor: Tensor): SessionValue {
  if (!isFixed(tensor)) return new OrtTensor('string', readTexts(tensor), tensor.shape)
  if (tensor.datatype === 'BOOL') checkBooleans(tensor)
  if (tensor.datatype === 'BF16')
    throw new TensorFault('wrong_type', '', `"${tensor.name}": no model here takes BF16`)
  return new OrtTensor(ortTypes[tensor.datatype], toTypedArray(tensor), tensor.shape)
}

export function fromOrt(name: string, value: SessionValue): Tensor {
  const { data, dims: shape } = value
  const datatype = toDatatype(value.type)!
  if (Array.isArray(data)) return { name, datatype, shape, bytes: encodeStrings(data) }
  const view = data as ArrayBufferView
  return { name, datatype, shape, bytes: new Uint8Array(view.buffer, view.byteOffset, view.byteLength) }
}

/** onnxruntime takes texts as C strings, which end at the first NUL. */
function readTexts(tensor: Tensor): string[] {
  const texts = decodeStrings(tensor.bytes)
  const cut = texts.findIndex((text) => text.includes('\0'))
  if (cut < 0) return texts
  throw new TensorFault(
    'out_of_range',
    `/${cut}`,
    `"${tensor.name}": element ${cut} holds a NUL character, which would end the text: send it without`,
  )
}

function checkBooleans(tensor: Tensor): void {
  const odd = tensor.bytes.findIndex((byte) => byte > 1)
  if (odd < 0) return
  throw new TensorFault(
    'out_of_range',
    `/${odd}`,
    `"${tensor.name}": byte ${odd} is ${tensor.bytes[odd]}, expected 0 or 1 for BOOL`,
  )
}
