import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import type { PanelSpec, QuerySpec } from '../spec.ts'
import { heatmap } from './heatmap.ts'
import { lines } from './lines.ts'
import { source } from './source.ts'
import { value } from './value.ts'

const kinds = { lines, shares: lines, stacked: lines, band: lines, heatmap, value }
const height = { lines: 8, shares: 8, stacked: 8, band: 8, heatmap: 8, value: 4 }

export function renderPanel(spec: PanelSpec, id: number): Builder<Panel> {
  const panel = kinds[spec.kind](spec)
    .id(id)
    .title(spec.title)
    .description(spec.description)
    .datasource(source)
    .unit(spec.unit)
    .span(spec.width)
    .height(height[spec.kind])
    .targets(spec.queries.map((query, index) => renderQuery(query, spec.kind, index)))
  if (spec.min !== undefined) panel.min(spec.min)
  if (spec.max !== undefined) panel.max(spec.max)
  if (spec.decimals !== undefined) panel.decimals(spec.decimals)
  if (spec.repeat !== undefined) panel.repeat(spec.repeat).repeatDirection('h').maxPerRow(4)
  return panel
}

function renderQuery(
  { legend, expr, exemplars }: QuerySpec,
  kind: PanelSpec['kind'],
  index: number,
): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .datasource(source)
    .refId(String.fromCodePoint('A'.codePointAt(0)! + index))
    .expr(expr)
    .legendFormat(legend)
    .format(kind === 'heatmap' ? PromQueryFormat.Heatmap : PromQueryFormat.TimeSeries)
  if (exemplars === true) query.exemplar(true)
  return kind === 'value' ? query.instant() : query.range()
}
