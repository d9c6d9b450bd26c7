import { createRidges, type Ridge } from '../linear/ridge.ts'
import type { LinearSums } from '../linear/sums.ts'
import type { ArmMeans } from './arm-means.ts'
import { foldCount, foldOf } from './folds.ts'
import type { LoggedDecision } from './history.ts'

export interface ArmRegressions {
  /** q(x, a), from the decisions of all other folds. */
  expect(fold: number, arm: string, features: Float64Array): number
  /**
   * How much Σ_j π_j(a) q(x_j, a) moves with one decision's reward, for `wanted` = Σ_j π_j(a) and
   * `contexts` = Σ_j π_j(a) x_j. By the regression on all decisions, which that of four fifths resembles.
   */
  leverageOf(arm: string, wanted: number, contexts: Float64Array): (features: Float64Array) => number
}

/** Rewards are thought to vary by context as much as weights of about 1 say. */
const ridge = 1

/**
 * Ridge regression of each arm's rewards on the context, around the mean reward of the arm: where the log tells little
 * of a direction, the mean stands. Fitted without the decision's own fold, as the means are.
 */
export function createArmRegressions(
  decisions: readonly LoggedDecision[],
  rewards: Float64Array,
  meanOf: ArmMeans,
): ArmRegressions {
  const dimension = decisions[0]!.features!.length
  const ridgeOf = createRidges(ridge)
  const arms = new Map<string, readonly Sums[]>()
  const solved = new Map<string, Ridge>()
  for (const [index, decision] of decisions.entries()) {
    const { arms: names, chosen, features } = decision
    const folds = sumsOf(names[chosen]!)
    folds[foldOf(decision)]!.add(features!, rewards[index]!)
  }

  function sumsOf(arm: string): readonly Sums[] {
    let folds = arms.get(arm)
    if (folds === undefined) {
      folds = Array.from({ length: foldCount }, () => new Sums(dimension))
      arms.set(arm, folds)
    }
    return folds
  }

  function without(fold: number, arm: string): Ridge {
    const name = `${fold}/${arm}`
    let found = solved.get(name)
    if (found === undefined) {
      const others = total(sumsOf(arm).filter((_, each) => each !== fold))
      solved.set(name, (found = ridgeOf(others.around(meanOf(fold, arm)))))
    }
    return found
  }

  return {
    expect: (fold, arm, features) => meanOf(fold, arm) + without(fold, arm).predict(features),
    leverageOf(arm, wanted, contexts) {
      const all = total(sumsOf(arm))
      // A⁻¹ Σ π x
      const { weights } = ridgeOf({ ...all.around(0), moment: contexts })
      const ofMean = (wanted - dot(weights, all.gram.subarray(0, dimension))) / all.count
      return (features) => ofMean + dot(weights, features)
    },
  }

  function total(parts: readonly Sums[]): Sums {
    const all = new Sums(dimension)
    for (const part of parts) all.join(part)
    return all
  }
}

/** Upper triangle of Σ x xᵀ, row by row, and Σ r x. */
class Sums {
  readonly gram: Float64Array
  readonly #moment: Float64Array
  #count = 0

  constructor(dimension: number) {
    this.gram = new Float64Array((dimension * (dimension + 1)) / 2)
    this.#moment = new Float64Array(dimension)
  }

  get count(): number {
    return this.#count
  }

  add(features: Float64Array, reward: number): void {
    let at = 0
    for (let row = 0; row < features.length; row++) {
      for (let column = row; column < features.length; column++)
        this.gram[at++]! += features[row]! * features[column]!
      this.#moment[row]! += reward * features[row]!
    }
    this.#count += 1
  }

  join(other: Sums): void {
    for (let at = 0; at < this.gram.length; at++) this.gram[at]! += other.gram[at]!
    for (let at = 0; at < this.#moment.length; at++) this.#moment[at]! += other.#moment[at]!
    this.#count += other.#count
  }

  /** Of rewards less `mean`. The first feature is always 1, so the first row of the triangle is Σ x. */
  around(mean: number): LinearSums {
    const dimension = this.#moment.length
    return {
      dimension,
      gram: this.gram,
      moment: this.#moment.map((sum, at) => sum - mean * this.gram[at]!),
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}
