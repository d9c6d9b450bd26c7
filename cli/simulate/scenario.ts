import type { Contender } from '../../bandit/simulate/contender.ts'
import type { StopRule } from '../../bandit/beliefs/identification.ts'
import type { World } from '../../bandit/simulate/world.ts'

/** What a simulation is asked for: all but how it is shown. */
export interface Scenario {
  readonly title: string
  readonly world: World
  readonly contenders: readonly Contender[]
  readonly runs: number
  readonly seed: number
  /** Ends a run once its best arm is known. */
  readonly stop?: StopRule
}
