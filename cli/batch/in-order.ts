/** Works on up to `limit` items at once and yields what comes of them in their order; reads no further ahead. */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = []
  for await (const item of items) {
    const one = work(item)
    // Its fault is told when its turn comes.
    one.catch(() => {})
    underWay.push(one)
    if (underWay.length >= limit) yield await underWay.shift()!
  }
  for (const one of underWay) yield await one
}
