import type { Events } from '../events/events.ts'
import type { DriftView } from './drift/drift.ts'
import type { Monitor } from './monitor.ts'
import { mismatchBelow } from './sample-ratio.ts'

export interface MonitoredEndpoint {
  readonly name: string
  readonly monitor?: Monitor | undefined
}

/** Looks at what watches an endpoint again and again, and tells what has begun and what is over. */
export function watchMonitor(
  { name: endpoint, monitor }: MonitoredEndpoint,
  { emit }: Pick<Events, 'emit'>,
): () => void {
  const drifted = new Set<string>()
  let mismatched = false

  function lookAtRatio({ sampleRatio }: Monitor): void {
    const { pValue, decisions, excess } = sampleRatio.view()
    const was = mismatched
    mismatched = pValue < mismatchBelow
    if (was || !mismatched) return
    const [arm, off] = [...excess].reduce((worst, each) =>
      Math.abs(each[1]) > Math.abs(worst[1]) ? each : worst,
    )
    emit({
      kind: 'sample_ratio_mismatch',
      endpoint,
      arm,
      detail: `${arm} answered ${describeShare(off)} of the predictions than it was drawn for, and chance hardly does that: answers get lost on the way`,
      facts: { p_value: pValue, excess: off, decisions },
    })
  }

  function lookAtDrift(view: DriftView): void {
    const { arm, signal, side, samples, stability } = view
    const key = `${arm}/${side}/${signal}`
    if (view.drifted === drifted.has(key)) return
    const facts = { samples, psi: stability?.psi ?? 0 }
    if (view.drifted) {
      drifted.add(key)
      const detail = `the ${side} ${signal} of ${arm} is not what it was: its stability index is ${facts.psi.toFixed(2)}`
      emit({ kind: 'drift_found', endpoint, arm, about: signal, detail, facts })
    } else {
      drifted.delete(key)
      const detail = `the ${side} ${signal} of ${arm} is what it was again`
      emit({ kind: 'drift_over', endpoint, arm, about: signal, detail, facts })
    }
  }

  return () => {
    if (monitor === undefined) return
    lookAtRatio(monitor)
    for (const view of monitor.drift?.view() ?? []) lookAtDrift(view)
  }
}

function describeShare(excess: number): string {
  return `${(Math.abs(excess) * 100).toFixed(2)} % ${excess < 0 ? 'fewer' : 'more'}`
}
