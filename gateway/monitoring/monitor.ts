import type { Decision, Outputs } from '../../bandit/index.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import type { Drift } from './drift/drift.ts'
import type { SampleRatio } from './sample-ratio.ts'

/** What watches the predictions of one endpoint, beside the learning. */
export interface Monitor {
  readonly sampleRatios: SampleRatios
  /** Absent where none is configured. */
  readonly drift: Drift | undefined
  answered(answer: MonitoredAnswer, inputs: readonly Tensor[]): void
  /** The first arm that was drawn for a request gave no answer, and that was counted as its fault. */
  failed(decision: Decision): void
}

/**
 * answers: of what was sent. draws: with the faults that were counted put back, so that what it misses was lost without
 * a trace.
 */
export type SampleRatios = Readonly<Record<'answers' | 'draws', SampleRatio>>

export interface MonitoredAnswer {
  readonly decision: Decision
  readonly outputs: Outputs
  readonly failedOver: boolean
}

export function createMonitor(sampleRatios: SampleRatios, drift: Drift | undefined): Monitor {
  const { answers, draws } = sampleRatios
  return {
    sampleRatios,
    drift,
    answered({ decision, outputs, failedOver }, inputs) {
      // What was drawn among the arms that were left is no sample of what arms are drawn for.
      if (!failedOver) {
        answers.decided(decision)
        draws.decided(decision)
      }
      drift?.observed(decision.arm, inputs, outputs)
    },
    failed: (decision) => draws.decided(decision),
  }
}
