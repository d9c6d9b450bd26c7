import type { EndpointView } from '../../bandit/index.ts'
import type { ExpectedReward, HistoryPoint } from './shape.ts'

/** Makes points of history from one view of an endpoint after the other. */
export function createSampler(): (view: EndpointView, at: number) => HistoryPoint {
  let before: readonly number[] | undefined
  let expected: ExpectedReward = { got: 0, best: 0, uniform: 0 }

  return ({ arms }, at) => {
    const pulls = arms.map((arm) => arm.pulls)
    const means = arms.map((arm) => arm.mean)
    // Pulls from before this gateway began to look are not in the sums; a store that lost some takes none back.
    const made = pulls.map((count, index) => Math.max(0, count - (before?.[index] ?? count)))
    expected = addExpected(expected, made, means)
    before = pulls
    return {
      at,
      share: arms.map((arm) => rounded(arm.share)),
      best: arms.map((arm) => rounded(arm.probabilityBest)),
      mean: means.map(rounded),
      pulls,
      rewarded: arms.map((arm) => arm.rewarded),
      expected,
    }
  }
}

function addExpected(
  sums: ExpectedReward,
  made: readonly number[],
  means: readonly number[],
): ExpectedReward {
  const total = made.reduce((sum, count) => sum + count, 0)
  const average = means.reduce((sum, mean) => sum + mean, 0) / means.length
  return {
    got: sums.got + made.reduce((sum, count, index) => sum + count * means[index]!, 0),
    best: sums.best + total * Math.max(...means),
    uniform: sums.uniform + total * average,
  }
}

/** More digits than a screen can show are not worth their bytes. */
function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
