import type { Uniform } from '../streams.ts'
import type { ContextLaw } from './context-law.ts'
import type { Contexts } from './contexts.ts'
import { declareContexts } from './declared.ts'
import { dealRows } from './rows.ts'
import { spinWheel } from './wheel.ts'

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
