import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard'
import type { PanelSpec } from '../spec.ts'

/** Without limits a value has no colour of its own, rather than a green that nobody has judged. */
export function renderLimits(limits: PanelSpec['limits']): ThresholdsConfigBuilder {
  const thresholds = new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute)
  if (limits === undefined) return thresholds.steps([{ value: null, color: 'text' }])
  const { warn, bad, good = 'low' } = limits
  const [below, between, above] = good === 'low' ? ['green', 'orange', 'red'] : ['red', 'orange', 'green']
  return thresholds.steps([
    { value: null, color: below },
    { value: warn, color: between },
    { value: bad, color: above },
  ])
}
