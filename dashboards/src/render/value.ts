import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat'
import type { PanelSpec } from '../spec.ts'
import { renderLimits } from './limits.ts'

export function value({ queries, limits }: PanelSpec): PanelBuilder {
  // A legend of labels says what the value is of, so it is shown beside it.
  const isNamed = queries.some(({ legend }) => legend.includes('{{'))
  return new PanelBuilder()
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(isNamed ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(renderLimits(limits))
}
