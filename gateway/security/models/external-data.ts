import { closeSync, fstatSync, openSync } from 'node:fs'
import { createProtoReader, ProtoFault, type ProtoReader } from './proto-reader.ts'

/**
 * The part of ONNX's messages by which a tensor can be reached, with what stands in each field: initializers, tensors
 * and sparse tensors in attributes such as those of Constant, and the same in the graphs of loops, branches, functions
 * and training. Fields of `entry` are the key and the value of what is said of a tensor's external data.
 */
const messages = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  function: { 7: 'node', 11: 'attribute' },
  training: { 1: 'graph', 2: 'graph' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'entry' },
} as const satisfies Readonly<Record<string, Fields>>

type Name = keyof typeof messages
type Fields = Readonly<Record<number, string>>

/** As protobuf itself. */
const deepest = 100

/**
 * The paths of all files that the model at `file` takes tensors from, each once, as they stand in it. ONNX Runtime would
 * read them for whoever wrote the model. Undefined where the file is no protobuf message, which nobody can load.
 */
export function externalDataOf(file: string): readonly string[] | undefined {
  const fd = openSync(file, 'r')
  try {
    const { size } = fstatSync(fd)
    const found = new Set<string>()
    walk(createProtoReader(fd, size), size, 'model', found, 0)
    return [...found]
  } catch (error) {
    if (error instanceof ProtoFault) return undefined
    throw error
  } finally {
    closeSync(fd)
  }
}

function walk(reader: ProtoReader, end: number, message: Name, found: Set<string>, depth: number): void {
  if (depth > deepest) throw new ProtoFault('it is nested too deep')
  const fields: Fields = messages[message]
  eachField(reader, end, (field, length) => {
    const part = fields[field]
    const partEnd = reader.position() + length
    if (part === undefined || partEnd > end) reader.skip(length)
    else if (part === 'entry') readEntry(reader, partEnd, found)
    else walk(reader, partEnd, part as Name, found, depth + 1)
  })
}

/** Of a field that is there twice protobuf takes the last; here each is taken to be meant. */
function readEntry(reader: ProtoReader, end: number, found: Set<string>): void {
  const keys: string[] = []
  const values: string[] = []
  eachField(reader, end, (field, length) => {
    if (field === 1) keys.push(reader.text(length))
    else if (field === 2) values.push(reader.text(length))
    else reader.skip(length)
  })
  if (keys.includes('location')) for (const value of values) found.add(value)
}

/** Tells of each field that has a length, and passes over the others. */
function eachField(reader: ProtoReader, end: number, tell: (field: number, length: number) => void): void {
  let groups = 0
  while (reader.position() < end) {
    // Readers of protobuf cut it to 32 bits, so that a larger number is no way around.
    const tag = reader.varint() % 2 ** 32
    switch (tag % 8) {
      case 0:
        reader.varint()
        break
      case 1:
        reader.skip(8)
        break
      case 2: {
        const length = reader.varint()
        // What stands in a group is of a kind that ONNX does not have.
        if (groups > 0) reader.skip(length)
        else tell(Math.floor(tag / 8), length)
        break
      }
      case 3:
        groups++
        break
      case 4:
        groups--
        break
      case 5:
        reader.skip(4)
        break
      default:
        throw new ProtoFault('a field is of no kind that there is')
    }
  }
  if (reader.position() > end || groups !== 0) throw new ProtoFault('its parts do not fit')
}
