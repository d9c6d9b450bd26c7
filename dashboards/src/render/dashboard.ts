import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { annotations } from '../annotations.ts'
import type { DashboardSpec } from '../spec.ts'
import { renderAnnotation } from './annotation.ts'
import { renderPanel } from './panel.ts'
import { tag } from './source.ts'
import { traceLinks } from './trace-links.ts'
import { renderSourceVariable, renderVariable } from './variable.ts'

/** Grafana's own JSON model of a dashboard. Rows and panels are numbered as they come; Grafana lays out none of this. */
export function renderDashboard({ uid, title, description, variables, rows }: DashboardSpec): Dashboard {
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([tag])
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .link(
      new DashboardLinkBuilder('Dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(renderSourceVariable())
  for (const link of traceLinks) dashboard.link(link)
  for (const variable of variables) dashboard.withVariable(renderVariable(variable))
  for (const annotation of annotations) dashboard.annotation(renderAnnotation(annotation))
  let id = 0
  for (const row of rows) {
    dashboard.withRow(new RowBuilder(row.title).id(++id))
    for (const panel of row.panels) dashboard.withPanel(renderPanel(panel, ++id))
  }
  return dashboard.build()
}
