import { isMap, isNode, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml'

export type Path = readonly PropertyKey[]

export interface Position {
  readonly line: number
  readonly column: number
}

/** Where things stand in the file. */
export interface Positions {
  /** Of the value at `path` or, where there is none, of what should have held it. */
  value(path: Path): Position
  /** Of the key that `path` ends in. */
  key(path: Path): Position
  offset(offset: number): Position
}

export function createPositions(document: Document, lines: LineCounter): Positions {
  const offset = (at: number): Position => {
    const { line, col } = lines.linePos(at)
    return { line, column: col }
  }
  const start = (node: unknown): Position => offset((isNode(node) ? node.range?.[0] : undefined) ?? 0)

  function find(path: Path): Node | null {
    let node: Node | null = document.contents
    for (const step of path) {
      const next: unknown = isSeq(node) ? node.items[Number(step)] : pairOf(node, step)?.value
      if (!isNode(next)) return node
      node = next
    }
    return node
  }

  return {
    offset,
    value: (path) => start(find(path)),
    key(path) {
      const parent = find(path.slice(0, -1))
      return start(pairOf(parent, path.at(-1)!)?.key ?? parent)
    },
  }
}

function pairOf(node: Node | null, key: PropertyKey): Pair | undefined {
  if (!isMap(node)) return undefined
  return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))
}
