import { closeSync, fstatSync, openSync } from 'node:fs'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { FileRefused } from './open-file.ts'
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
/** More than the largest forests have; less than a minute of reading, in turns with others. */
const mostFields = 5e8
/** Of a model that has a file for each of its tensors there are some thousands. */
const mostLocations = 10_000
/** An entry has a key and a value. */
const mostOfEntry = 1000
/** Read at a time, about a millisecond, before others have their turn. */
const fieldsAtOnce = 2 ** 14

/** A message that is being read: those within others are above them on a stack. */
interface Open {
  readonly message: Name | 'entry'
  readonly end: number
  /** Groups that are open in it. */
  groups: number
  /** Of an entry: protobuf takes the last of each, here all are taken to be meant. */
  readonly keys: string[]
  readonly values: string[]
}

/**
 * The paths of all files that the model at `file` takes tensors from, each once, as they stand in it. ONNX Runtime would
 * read them for whoever wrote the model. Undefined where the file is no protobuf message, which nobody can load.
 *
 * @throws FileRefused where it has more parts than any model
 */
export async function externalDataOf(file: string): Promise<readonly string[] | undefined> {
  const fd = openSync(file, 'r')
  try {
    const { size } = fstatSync(fd)
    const walk = createWalk(createProtoReader(fd, size), size)
    for (let fields = 0; !walk.readOn(fieldsAtOnce); fields += fieldsAtOnce) {
      if (fields > mostFields) throw new FileRefused('it has more parts than any model: export it again')
      await othersTurn()
    }
    return [...walk.found]
  } catch (error) {
    if (error instanceof ProtoFault) return undefined
    throw error
  } finally {
    closeSync(fd)
  }
}

function createWalk(reader: ProtoReader, size: number) {
  const found = new Set<string>()
  const stack: Open[] = [open('model', size)]

  /** Whether it is at its end, after so many fields or less. */
  function readOn(fields: number): boolean {
    for (let left = fields; left > 0; left--) {
      const top = stack.at(-1)
      if (top === undefined) return true
      if (reader.position() < top.end) readField(top)
      else leave(top)
    }
    return false
  }

  function leave({ message, end, groups, keys, values }: Open): void {
    if (reader.position() > end || groups !== 0) throw new ProtoFault('its parts do not fit')
    stack.pop()
    if (message !== 'entry' || !keys.includes('location')) return
    for (const value of values) found.add(value)
    if (found.size > mostLocations)
      throw new FileRefused(`it takes tensors from more than ${mostLocations} files: export it into fewer`)
  }

  function readField(top: Open): void {
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
        if (top.groups > 0) reader.skip(length)
        else readPart(top, Math.floor(tag / 8), length)
        break
      }
      case 3:
        top.groups++
        break
      case 4:
        top.groups--
        break
      case 5:
        reader.skip(4)
        break
      default:
        throw new ProtoFault('a field is of no kind that there is')
    }
  }

  function readPart(top: Open, field: number, length: number): void {
    if (top.message === 'entry') {
      if (top.keys.length + top.values.length > mostOfEntry)
        throw new FileRefused('it says more of one tensor than there is to say: export it again')
      if (field === 1) top.keys.push(reader.text(length))
      else if (field === 2) top.values.push(reader.text(length))
      else reader.skip(length)
      return
    }
    const fields: Fields = messages[top.message]
    const part = fields[field] as Open['message'] | undefined
    const end = reader.position() + length
    if (part === undefined || end > top.end) return reader.skip(length)
    if (stack.length > deepest) throw new ProtoFault('it is nested too deep')
    stack.push(open(part, end))
  }

  return { found, readOn }
}

function open(message: Open['message'], end: number): Open {
  return { message, end, groups: 0, keys: [], values: [] }
}
