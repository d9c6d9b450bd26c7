import { setTimeout as sleep } from 'node:timers/promises'

export interface BatcherOptions {
  /** A batch takes at most this many items; the next one opens another. */
  readonly size: number
  /** A batch goes this long after its first item. */
  readonly waitMs: number
  readonly signal: AbortSignal
}

export interface Batcher<T> {
  /** Resolves when the batch that took the item has been posted. */
  add(item: T): Promise<void>
}

export const createBatcher = <T>(
  post: (items: readonly T[]) => Promise<void>,
  { size, waitMs, signal }: BatcherOptions,
): Batcher<T> => {
  let open: { readonly items: T[]; readonly posted: Promise<void> } | undefined

  const postLater = async (items: readonly T[]): Promise<void> => {
    await sleep(waitMs, undefined, { signal })
    if (open?.items === items) open = undefined
    await post(items)
  }

  return {
    add: (item) => {
      if (open === undefined || open.items.length >= size) {
        const items: T[] = []
        open = { items, posted: postLater(items) }
      }
      open.items.push(item)
      return open.posted
    },
  }
}
