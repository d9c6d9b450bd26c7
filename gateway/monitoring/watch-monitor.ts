import type { Events } from '../events/events.ts'
import type { DriftView } from './drift/drift.ts'
import type { Monitor } from './monitor.ts'
import { mismatchBelow, type SampleRatioView, type Side } from './sample-ratio.ts'

const causes = {
  draws: 'answers get lost without a fault',
  answers: 'requests on which arms fail are missing from what is known of them',
} as const

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
  const mismatched = new Set<string>()

  function lookAtRatio(about: Side, { pValue, decisions, excess }: SampleRatioView): void {
    const isMismatched = pValue < mismatchBelow
    if (isMismatched === mismatched.has(about)) return
    if (!isMismatched) return void mismatched.delete(about)
    mismatched.add(about)
    const [arm, off] = [...excess].reduce((worst, each) =>
      Math.abs(each[1]) > Math.abs(worst[1]) ? each : worst,
    )
    const detail = `${arm} answered ${describeShare(off)} of the predictions than it was drawn for, and chance hardly does that: ${causes[about]}`
    const facts = { p_value: pValue, excess: off, decisions }
    emit({ kind: 'sample_ratio_mismatch', endpoint, arm, about, detail, facts })
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
    const { answers, draws } = monitor.sampleRatio.view()
    lookAtRatio('draws', draws)
    lookAtRatio('answers', answers)
    for (const view of monitor.drift?.view() ?? []) lookAtDrift(view)
  }
}

function describeShare(excess: number): string {
  return `${(Math.abs(excess) * 100).toFixed(2)} % ${excess < 0 ? 'fewer' : 'more'}`
}
