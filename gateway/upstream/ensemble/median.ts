import { type FloatTensor, readFloats, writeFloats } from './floats.ts'

/** Element by element the value in the middle, of an even number the mean of the two; the tensors differ in their bytes only. */
export function median(tensors: readonly FloatTensor[]): FloatTensor {
  const first = tensors[0]!
  const members = tensors.map(readFloats)
  const column = new Float64Array(members.length)
  const middle = (members.length - 1) / 2
  const values = members[0]!.map((_, i) => {
    for (const [at, own] of members.entries()) column[at] = own[i]!
    column.sort()
    const [low, high] = [column[Math.floor(middle)]!, column[Math.ceil(middle)]!]
    // Of two equal infinities the mean is the same, and not what their difference would make of it.
    return low === high ? low : low / 2 + high / 2
  })
  return { ...first, bytes: writeFloats(first.datatype, values) }
}
