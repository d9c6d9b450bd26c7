import type { Monitor } from './monitor.ts'
import type { SampleRatioView } from './sample-ratio.ts'

/** What an endpoint's monitor has to say in `GET /endpoints/{endpoint}`. */
export function toMonitorFacts({ sampleRatio, drift }: Monitor): object {
  const { answers, draws } = sampleRatio.view()
  return {
    sample_ratio: {
      draws: toRatioFacts(draws),
      answers: toRatioFacts(answers),
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

function toRatioFacts({ pValue, decisions, excess }: SampleRatioView): object {
  return { p_value: pValue, decisions, excess: Object.fromEntries(excess) }
}
