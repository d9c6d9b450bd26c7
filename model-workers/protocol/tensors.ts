import { skipStrings } from './byte-strings.ts'
import { ProtocolFault, TensorFault } from './faults.ts'
import { asList, asName, asObject, type Head, type JsonObject, pickParameters } from './head.ts'
import { elementsToJson, tensorFromJson } from './json.ts'
import { bytesPerElement, elementCount, maxDimensions, maxSize } from './sizes.ts'
import { type Datatype, datatypes, type Tensor, type TensorSpec } from './types.ts'

/** A tensor in a JSON head: `data` travels in the head, `binary_data_size` bytes behind it. */
export interface WireTensor extends TensorSpec {
  readonly parameters?: { readonly binary_data_size: number }
  readonly data?: readonly unknown[]
}

export function toBinaryWire(tensor: Tensor): WireTensor {
  const { name, datatype, shape, bytes } = tensor
  return { name, datatype, shape, parameters: { binary_data_size: bytes.length } }
}

/** Throws a TensorFault when JSON has no words for an element. */
export function toJsonWire(tensor: Tensor): WireTensor {
  const { name, datatype, shape } = tensor
  return { name, datatype, shape, data: elementsToJson(tensor) }
}

/** What a head says of one tensor: all of it, or all but the bytes behind the head. */
export interface Announced {
  readonly spec: TensorSpec
  /** Of those bytes; undefined where the head has the data. */
  readonly size: number | undefined
  readonly data: () => unknown
}

/**
 * What is listed under `key` in the head.
 *
 * @throws ProtocolFault
 */
export function readAnnounced(head: Head, key: 'inputs' | 'outputs'): readonly Announced[] {
  const names = new Set<string>()
  return asList(head.json[key], key).map((item, i) => {
    const where = `${key}[${i}]`
    const wire = asObject(item, where)
    const spec = readSpec(wire, where)
    if (names.has(spec.name))
      throw new ProtocolFault('bad_message', `"${spec.name}" is listed twice in ${key}`)
    names.add(spec.name)
    const size = readBinarySize(wire, where)
    const isLong = spec.datatype === 'INT64' || spec.datatype === 'UINT64'
    return { spec, size, data: () => (isLong ? readExactData(head, key, i) : wire['data']) }
  })
}

/**
 * The tensors that were announced. Binary ones are views of the body, in the order of the list, and together must use
 * up all bytes behind the head.
 *
 * @throws ProtocolFault
 */
export function readTensors(announced: readonly Announced[], binary: Uint8Array): Tensor[] {
  let at = 0
  const tensors = announced.map((each) => {
    const { spec, size } = each
    if (size === undefined) return readJsonTensor(each)
    const bytes = readBytes(spec, binary, at, size)
    at += size
    return { name: spec.name, datatype: spec.datatype, shape: spec.shape, bytes }
  })
  if (at === binary.length) return tensors
  const found = `found ${binary.length} bytes behind the JSON head, expected the ${at} that it announces`
  throw new ProtocolFault('bad_tensor', found)
}

function readSpec(wire: JsonObject, where: string): TensorSpec {
  const name = asName(wire['name'], `${where}.name`)
  const datatype = wire['datatype']
  if (!isDatatype(datatype)) {
    throw new ProtocolFault('bad_message', `${where}.datatype must be one of ${datatypes.join(', ')}`)
  }
  const shape = asList(wire['shape'], `${where}.shape`)
  if (shape.length > maxDimensions || !shape.every(isDimension)) {
    throw new ProtocolFault(
      'bad_message',
      `${where}.shape must be at most ${maxDimensions} whole numbers from 0 to ${maxSize}`,
    )
  }
  // A BYTES element is at least its length prefix.
  if (elementCount(shape) * (bytesPerElement(datatype) ?? 4) > maxSize) {
    throw new ProtocolFault(
      'bad_message',
      `${where}.shape [${shape.join(', ')}] is more than ${maxSize} bytes`,
    )
  }
  return { name, datatype, shape }
}

function isDatatype(value: unknown): value is Datatype {
  return (datatypes as readonly unknown[]).includes(value)
}

function isDimension(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= maxSize
}

/** Undefined when the data is in the head. */
function readBinarySize(wire: JsonObject, where: string): number | undefined {
  const parameters = pickParameters(wire['parameters'], `${where}.parameters`)
  if (parameters?.['shared_memory_region'] !== undefined) {
    throw new ProtocolFault('unsupported', `${where}: shared memory is not served: send the bytes themselves`)
  }
  const size = parameters?.['binary_data_size']
  if ((size === undefined) === (wire['data'] === undefined)) {
    throw new ProtocolFault(
      'bad_message',
      `${where} must have exactly one of data and parameters.binary_data_size`,
    )
  }
  if (size === undefined || isDimension(size)) return size
  throw new ProtocolFault(
    'bad_message',
    `${where}.parameters.binary_data_size must be a whole number of at most ${maxSize}`,
  )
}

function readBytes(spec: TensorSpec, binary: Uint8Array, at: number, size: number): Uint8Array {
  if (at + size > binary.length) {
    throw new ProtocolFault(
      'bad_tensor',
      `"${spec.name}": announced ${size} bytes, found ${binary.length - at}`,
    )
  }
  const bytes = binary.subarray(at, at + size)
  const count = elementCount(spec.shape)
  const elementSize = bytesPerElement(spec.datatype)
  const needed = elementSize === undefined ? skipStrings(bytes, 0, count) : count * elementSize
  if (needed !== size) {
    throw new ProtocolFault(
      'bad_tensor',
      `"${spec.name}": ${size} bytes are not the ${count} elements of ${spec.datatype} [${spec.shape.join(', ')}]`,
    )
  }
  return bytes
}

function readJsonTensor({ spec, data }: Announced): Tensor {
  try {
    return tensorFromJson(spec, data())
  } catch (cause) {
    if (!(cause instanceof TensorFault)) throw cause
    throw new ProtocolFault('bad_tensor', cause.message, { cause })
  }
}

function readExactData(head: Head, key: 'inputs' | 'outputs', index: number): unknown {
  const wire = (head.exactJson()[key] as readonly { readonly data: unknown }[])[index]
  return wire?.data
}
