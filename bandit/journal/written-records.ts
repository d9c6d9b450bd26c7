/** A decision record that the store has taken. */
export interface WrittenRecord {
  readonly endpoint: string
  readonly key: string
  readonly value: string
  /** For which it was to be there. */
  readonly ttlMs: number
}

export interface WrittenRecords {
  add(record: WrittenRecord): void
  /** Those that are remembered, oldest first. */
  all(): readonly WrittenRecord[]
}

/** Of text: ten seconds and more at a thousand predictions a second, and far longer than a replica is behind. */
const rememberedChars = 8 * 1024 ** 2

/** The newest records that this process has written, as many as fit. */
export function createWrittenRecords(limit = rememberedChars): WrittenRecords {
  const records = new Map<string, WrittenRecord>()
  let chars = 0

  function drop(name: string): void {
    const record = records.get(name)
    if (record === undefined) return
    records.delete(name)
    chars -= sizeOf(record)
  }

  return {
    add(record) {
      const name = `${record.endpoint}/${record.key}`
      drop(name)
      records.set(name, record)
      chars += sizeOf(record)
      for (const oldest of records.keys()) {
        if (chars <= limit) return
        drop(oldest)
      }
    },
    all: () => [...records.values()],
  }
}

const sizeOf = ({ key, value }: WrittenRecord): number => key.length + value.length
