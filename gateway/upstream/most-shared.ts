/** The one that most agree with, the first of those with as many. */
export function mostShared<T>(all: readonly T[], agree: (a: T, b: T) => boolean): T | undefined {
  let best: T | undefined
  let most = 0
  for (const one of all) {
    const count = all.filter((other) => agree(one, other)).length
    if (count > most) [best, most] = [one, count]
  }
  return best
}
