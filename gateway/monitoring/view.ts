import type { Monitor } from './monitor.ts'

/** What an endpoint's monitor has to say in `GET /endpoints/{endpoint}`. */
export function toMonitorFacts({ sampleRatio, drift }: Monitor): object {
  const { pValue, decisions, excess } = sampleRatio.view()
  return {
    sample_ratio: { p_value: pValue, decisions, excess: Object.fromEntries(excess) },
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
