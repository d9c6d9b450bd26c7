import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import type { PanelSpec } from '../spec.ts'
import { renderLimits } from './limits.ts'

export function lines({ kind, queries, limits, width }: PanelSpec): PanelBuilder {
  const panel = new PanelBuilder()
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(1)
    .showPoints(VisibilityMode.Never)
    .fillOpacity(kind === 'shares' || kind === 'stacked' ? 60 : 0)
    .thresholds(renderLimits(limits))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .legend(legend(width < 12 || queries.length > 1))
  if (kind === 'shares' || kind === 'stacked') panel.stacking(stacking(kind))
  if (limits !== undefined) {
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
  }
  if (kind === 'band') {
    panel
      .overrideByName('high', [
        { id: 'custom.fillBelowTo', value: 'low' },
        { id: 'custom.fillOpacity', value: 20 },
        { id: 'custom.lineWidth', value: 0 },
      ])
      .overrideByName('low', [{ id: 'custom.lineWidth', value: 0 }])
  }
  return panel
}

/** A table beside the lines where there is room for it and the lines are as many as there are arms. */
function legend(isBelow: boolean): VizLegendOptionsBuilder {
  const options = new VizLegendOptionsBuilder().showLegend(true)
  if (isBelow) return options.displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).calcs([])
  return options
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Right)
    .calcs(['lastNotNull'])
    .sortBy('Last *')
    .sortDesc(true)
}

function stacking(kind: 'shares' | 'stacked'): StackingConfigBuilder {
  const mode = kind === 'shares' ? StackingMode.Percent : StackingMode.Normal
  return new StackingConfigBuilder().mode(mode).group('A')
}
