/** Longer ones hold data, or name so much that they hardly come again. */
const longestBytes = 1024
const most = 64

/**
 * Remembers what heads stand for: from one message of a model to the next the tensors change, and hardly ever what is said
 * of them. Whatever `parse` answers is shared by all messages with that head, and must not be changed.
 */
export function knowHeads<Meaning>(parse: (head: Buffer) => Meaning): (head: Buffer) => Meaning {
  const known = new Map<string, Meaning>()
  return (head) => {
    if (head.length > longestBytes) return parse(head)
    // Byte by byte, as two heads that are not UTF-8 may be one text in it.
    const name = head.toString('latin1')
    const found = known.get(name)
    if (found !== undefined) return found
    const meaning = parse(head)
    if (known.size === most) known.delete(known.keys().next().value!)
    known.set(name, meaning)
    return meaning
  }
}
