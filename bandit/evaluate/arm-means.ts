import { foldCount, foldOf } from './folds.ts'
import type { LoggedDecision } from './history.ts'

/** q(a) of the direct method: the mean reward of each arm, as seen from one fold of the log. */
export type ArmMeans = (fold: number, arm: string) => number

/**
 * Mean reward of each arm over the decisions of all other folds, so that no decision is compared with a mean that
 * it is part of. An arm without any gets the mean of all.
 */
export function createArmMeans(decisions: readonly LoggedDecision[], rewards: Float64Array): ArmMeans {
  const overall = new Mean()
  const arms = new Map<string, { all: Mean; folds: readonly Mean[] }>()
  for (const [index, decision] of decisions.entries()) {
    const { arms: names, chosen } = decision
    const reward = rewards[index]!
    const name = names[chosen]!
    let arm = arms.get(name)
    if (arm === undefined) {
      arm = { all: new Mean(), folds: Array.from({ length: foldCount }, () => new Mean()) }
      arms.set(name, arm)
    }
    for (const mean of [overall, arm.all, arm.folds[foldOf(decision)]!]) mean.add(reward)
  }
  return (fold, name) => {
    const arm = arms.get(name)
    const without = arm?.all.without(arm.folds[fold]!)
    return without ?? overall.value
  }
}

class Mean {
  #sum = 0
  #count = 0

  add(value: number): void {
    this.#sum += value
    this.#count += 1
  }

  get value(): number {
    return this.#sum / this.#count
  }

  /** Undefined when nothing is left. */
  without(part: Mean): number | undefined {
    const count = this.#count - part.#count
    return count === 0 ? undefined : (this.#sum - part.#sum) / count
  }
}
