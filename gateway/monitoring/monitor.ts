import type { Decision, Outputs } from '../../bandit/index.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import type { Drift } from './drift/drift.ts'
import type { SampleRatio } from './sample-ratio.ts'

/** What watches the predictions of one endpoint, beside the learning. */
export interface Monitor {
  readonly sampleRatio: SampleRatio
  /** Absent where none is configured. */
  readonly drift: Drift | undefined
  answered(answer: MonitoredAnswer, inputs: readonly Tensor[]): void
  /** The first arm that was drawn for a request gave no answer, and that was counted as its fault. */
  failed(decision: Decision): void
}

export interface MonitoredAnswer {
  readonly decision: Decision
  readonly outputs: Outputs
  readonly failedOver: boolean
}

export function createMonitor(sampleRatio: SampleRatio, drift: Drift | undefined): Monitor {
  return {
    sampleRatio,
    drift,
    answered({ decision, outputs, failedOver }, inputs) {
      // What was drawn among the arms that were left is no sample of what arms are drawn for.
      if (!failedOver) sampleRatio.answered(decision)
      drift?.observed(decision.arm, inputs, outputs)
    },
    failed: (decision) => sampleRatio.failed(decision),
  }
}
