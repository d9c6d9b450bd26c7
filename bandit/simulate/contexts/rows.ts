import type { Uniform } from '../streams.ts'
import type { DealtRows } from './context-law.ts'
import type { Contexts } from './contexts.ts'

export function dealRows({ rows }: DealtRows, arms: number, uniform: Uniform): Contexts {
  const shifts = new Float64Array(arms)
  const order = [...rows]
  let dealt = 0

  /** The next of a shuffle that is made as it goes: R. Durstenfeld, Communications of the ACM 7 (1964). */
  function deal() {
    const at = dealt + Math.floor(uniform() * (order.length - dealt))
    const row = order[at]!
    order[at] = order[dealt]!
    order[dealt] = row
    dealt = (dealt + 1) % order.length
    return row
  }

  return {
    dimension: rows[0]!.features.length,
    shifts,
    next() {
      const { features, arm } = deal()
      shifts.fill(0)
      shifts[arm] = 1
      return features
    },
  }
}
