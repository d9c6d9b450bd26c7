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

/**
 * The tensors listed under `key` in the head. Binary ones are views of the body, in the order of the list, and
 * together must use up all bytes behind the head.
 *
 * @throws ProtocolFault
 */
export function readTensors(head: Head, key: 'inputs' | 'outputs'): Tensor[] {
  const wires = asList(head.json[key], key)
  const names = new Set<string>()
  const tensors: Tensor[] = []
  let at = 0
  for (let i = 0; i < wires.length; i++) {
    const where = `${key}[${i}]`
    const wire = asObject(wires[i], where)
    const spec = readSpec(wire, where)
    if (names.has(spec.name))
      throw new ProtocolFault('bad_message', `"${spec.name}" is listed twice in ${key}`)
    names.add(spec.name)
    const size = readBinarySize(wire, where)
    if (size === undefined) {
      tensors.push(readJsonTensor(head, key, i, spec, wire['data']))
    } else {
      tensors.push({ ...spec, bytes: readBytes(spec, head.binary, at, size) })
      at += size
    }
  }
  if (at !== head.binary.length) {
    throw new ProtocolFault(
      'bad_tensor',
      `found ${head.binary.length} bytes behind the JSON head, expected the ${at} that ${key} announce`,
    )
  }
  return tensors
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

function readJsonTensor(
  head: Head,
  key: 'inputs' | 'outputs',
  index: number,
  spec: TensorSpec,
  data: unknown,
): Tensor {
  try {
    const long = spec.datatype === 'INT64' || spec.datatype === 'UINT64'
    return tensorFromJson(spec, long ? readExactData(head, key, index) : data)
  } catch (cause) {
    if (!(cause instanceof TensorFault)) throw cause
    throw new ProtocolFault('bad_tensor', cause.message, { cause })
  }
}

function readExactData(head: Head, key: 'inputs' | 'outputs', index: number): unknown {
  const wire = (head.exactJson()[key] as readonly { readonly data: unknown }[])[index]
  return wire?.data
}
