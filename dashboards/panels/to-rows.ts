import type { DashboardSpec, PanelSpec, QuerySpec } from '../src/spec.ts'
import type { Prometheus, Sample } from './prometheus.ts'

/** A query of a panel, with what Prometheus answered. */
export interface Row {
  readonly panel: string
  readonly query: string
  readonly series: number
  /** The first of them, by name; where there is none, why that is well. */
  readonly values: string
}

const shown = 3

/** Every query of the dashboard, asked with the values that a reader of the demo would have picked. */
export async function toRows({ rows }: DashboardSpec, prometheus: Pick<Prometheus, 'query'>): Promise<Row[]> {
  const asked = rows.flatMap(({ panels }) =>
    panels.flatMap((panel) => panel.queries.map((query) => [panel, query] as const)),
  )
  const answered: Row[] = []
  for (const [panel, query] of asked) {
    const samples = (await prometheus.query(withValues(query.expr))).filter(
      ({ value }) => !Number.isNaN(value),
    )
    answered.push(toRow(panel, query, samples))
  }
  return answered
}

function toRow(
  { title, unit }: PanelSpec,
  { legend, expr, emptyWhenHealthy }: QuerySpec,
  samples: readonly Sample[],
): Row {
  const values = samples
    .slice(0, shown)
    .map((sample) => `${nameOf(legend, sample)} ${format(sample.value, unit)}`)
  const rest = samples.length > shown ? ['…'] : []
  return {
    panel: title,
    query: expr.replaceAll(/\s+/g, ' '),
    series: samples.length,
    values: samples.length === 0 ? `none: ${emptyWhenHealthy ?? 'MISSING'}` : [...values, ...rest].join(', '),
  }
}

function withValues(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '15s')
    .replaceAll('$endpoint', 'digits')
    .replaceAll(/\$(arm|model)/g, '.+')
}

function nameOf(legend: string, { metric }: Sample): string {
  return legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) =>
    label === 'instance' ? 'gateway' : (metric[label] ?? ''),
  )
}

function format(value: number, unit: PanelSpec['unit']): string {
  if (unit === 'percentunit') return `${(value * 100).toPrecision(3)} %`
  if (unit === 'bytes') return `${(value / 2 ** 20).toPrecision(3)} MiB`
  const text = String(Number(value.toPrecision(3)))
  return unit === 's' ? `${text} s` : text
}
