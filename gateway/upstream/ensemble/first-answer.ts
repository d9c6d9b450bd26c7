import type { Caller } from '../arm.ts'

/** The same caller, whose leaving means nothing any more once it has its answer. */
export function untilAnswered(caller: Caller | undefined): {
  readonly caller: Caller | undefined
  answered(): void
} {
  let isAnswered = false
  const left = (callback: () => void) => () => {
    if (!isAnswered) callback()
  }
  return {
    caller: caller && { onGone: (callback) => caller.onGone(left(callback)) },
    answered: () => void (isAnswered = true),
  }
}

/**
 * What has become of several calls once the first of them has what is asked for, or all are over; `instead` stands for
 * those that are still under way.
 */
export function untilFirst<T>(
  calls: readonly Promise<T>[],
  isEnough: (result: T) => boolean,
  instead: T,
): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const results = calls.map(() => instead)
    let left = calls.length
    for (const [at, call] of calls.entries()) {
      call.then((result) => {
        results[at] = result
        left -= 1
        if (left === 0 || isEnough(result)) resolve([...results])
      }, reject)
    }
  })
}
