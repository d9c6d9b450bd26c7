import type { Monitor } from './monitor.ts'
import type { SampleRatio } from './sample-ratio.ts'

/** What an endpoint's monitor has to say in `GET /endpoints/{endpoint}`. */
export function toMonitorFacts({ sampleRatios, drift }: Monitor): object {
  return {
    sample_ratio: {
      draws: toRatioFacts(sampleRatios.draws),
      answers: toRatioFacts(sampleRatios.answers),
    },
    drift: drift?.view().map(({ arm, signal, side, reference, samples, stability, drifted }) => ({
      arm,
      side,
      signal,
      reference,
      samples,
      // Absent while there are too few values to judge by.
      psi: stability?.psi,
      p_value: stability?.pValue,
      drifted,
    })),
  }
}

function toRatioFacts(ratio: SampleRatio): object {
  const { pValue, decisions, excess } = ratio.view()
  return { p_value: pValue, decisions, excess: Object.fromEntries(excess) }
}
