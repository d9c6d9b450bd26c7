import type { ContextualFigures } from './contextual-decisions.ts'
import type { DecisionFigures } from './decisions.ts'
import type { FeedbackFigures } from './feedback.ts'
import type { TimedModel } from './models.ts'
import type { PredictionFigures } from './predictions.ts'

/** All that one run has measured. */
export interface Results {
  readonly date: string
  readonly machine: readonly string[]
  /** What made the load. */
  readonly load: string
  readonly rounds: number
  readonly seconds: number
  readonly models: readonly TimedModel[]
  readonly predictions: readonly {
    readonly model: TimedModel
    readonly figures: readonly PredictionFigures[]
  }[]
  readonly feedback: readonly FeedbackFigures[]
  readonly decisions: readonly DecisionFigures[]
  readonly contextual: readonly ContextualFigures[]
  /** What could not be measured, and why. */
  readonly left: readonly string[]
}
