import type { Uniform } from '../streams.ts'
import type { ContextLaw } from './context-law.ts'
import { declareContexts } from './declared.ts'
import { dealRows } from './rows.ts'
import { spinWheel } from './wheel.ts'

/** The contexts of one run. */
export interface Contexts {
  /** Numbers in a context. */
  readonly dimension: number
  /** What the newest context adds to the means, arm by arm; the same array each time. */
  readonly shifts: Float64Array
  /** Draws the next one. */
  next(): Float64Array
}

export function createContexts(law: ContextLaw, arms: number, uniform: Uniform): Contexts {
  switch (law.kind) {
    case 'declared':
      return declareContexts(law, arms, uniform)
    case 'wheel':
      return spinWheel(law, arms, uniform)
    case 'rows':
      return dealRows(law, arms, uniform)
  }
}
