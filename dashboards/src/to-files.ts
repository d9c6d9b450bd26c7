import { dashboards } from './dashboards.ts'
import { renderDashboard } from './render/dashboard.ts'

/** Name and text of every file in `dashboards/json`. */
export function toFiles(): ReadonlyMap<string, string> {
  return new Map(
    dashboards.map((spec) => [
      `${spec.uid}.json`,
      `${JSON.stringify(renderDashboard(spec), undefined, 2)}\n`,
    ]),
  )
}
