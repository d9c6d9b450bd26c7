/** Factors e^λ by which the odds of an arm may be off. */
const tilts = Float64Array.from([0.03, 0.1, 0.3, 1, 3].flatMap((lambda) => [lambda, -lambda]))
const growths = tilts.map(Math.expm1)

export const tiltCount = tilts.length

/** What decisions add: to the logarithms of the martingales, arm by arm, and to each arm's excess. */
export interface Increment {
  readonly decisions: number
  readonly logs: Float64Array
  readonly excess: Float64Array
}

export interface RatioBatch {
  /** How often each arm was drawn among `decisions` that were drawn with `propensities`. */
  add(drawn: Float64Array, decisions: number, propensities: Float64Array): void
  /** What was added since it was last taken. */
  take(): Increment
}

/** Factors are from 1/20 to 20, so that so many of them stay far from the bounds of a number. */
const mostFactors = 64

/** Multiplies what one decision adds and takes one logarithm of many, as those cost the most. */
export function createRatioBatch(arms: number): RatioBatch {
  const products = new Float64Array(arms * tiltCount).fill(1)
  const logs = new Float64Array(arms * tiltCount)
  const excess = new Float64Array(arms)
  let factors = 0
  let total = 0

  function takeLogarithms(): void {
    for (let at = 0; at < logs.length; at++) logs[at]! -= Math.log(products[at]!)
    products.fill(1)
    factors = 0
  }

  return {
    add(drawn, decisions, propensities) {
      total += decisions
      const isOne = decisions === 1
      for (let arm = 0, at = 0; arm < arms; arm++) {
        const propensity = propensities[arm]!
        const count = drawn[arm]!
        excess[arm]! += count - decisions * propensity
        for (let tilt = 0; tilt < tiltCount; tilt++, at++) {
          const factor = 1 + propensity * growths[tilt]!
          if (isOne) products[at]! *= factor
          else logs[at]! -= decisions * Math.log(factor)
          if (count > 0) logs[at]! += tilts[tilt]! * count
        }
      }
      if (isOne && ++factors === mostFactors) takeLogarithms()
    },
    take() {
      takeLogarithms()
      const taken = { decisions: total, logs: logs.slice(), excess: excess.slice() }
      logs.fill(0)
      excess.fill(0)
      total = 0
      return taken
    },
  }
}
