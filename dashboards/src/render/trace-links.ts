import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard'

/** The `uid` of the trace store's data source, see `provisioning/datasources/tempo.yaml`. */
const uid = 'traces'

const searches = {
  'Failed requests': '{ resource.service.name = "bandit-gateway" && kind = server && status = error }',
  'Slow requests': '{ resource.service.name = "bandit-gateway" && kind = server && duration > 100ms }',
}

/** From every dashboard to the traces of the last hour that are worth a look, in Grafana's Explore. */
export const traceLinks = Object.entries(searches).map(([title, query]) =>
  new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .icon('gf-traces')
    .tooltip('Traces, where Tempo keeps them')
    .targetBlank(true)
    .url(toExplore(query)),
)

function toExplore(query: string): string {
  const datasource = { type: 'tempo', uid }
  const queries = [{ refId: 'A', datasource, queryType: 'traceql', query, limit: 20, tableType: 'traces' }]
  const panes = { traces: { datasource: uid, queries, range: { from: 'now-1h', to: 'now' } } }
  const search = new URLSearchParams({ schemaVersion: '1', orgId: '1', panes: JSON.stringify(panes) })
  return `/explore?${search.toString()}`
}
