import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dashboards as specs } from '../../dashboards/src/dashboards.ts'
import { toFiles } from '../../dashboards/src/to-files.ts'
import { folder, panelsOf, readDashboards } from '../fixtures/dashboards.ts'

const dashboards = readDashboards()

test('the files are what `npm run dashboards` writes', () => {
  const files = readdirSync(join(folder, 'json')).map(
    (name) => [name, readFileSync(join(folder, 'json', name), 'utf8')] as const,
  )
  expect(new Map(files)).toEqual(toFiles())
})

test('each has a name and an address of its own', () => {
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(specs.length)
  expect(new Set(dashboards.map(({ title }) => title)).size).toBe(specs.length)
})

describe.each(dashboards)('$title', (dashboard) => {
  const panels = panelsOf(dashboard)

  test('panels and queries are numbered, each number once', () => {
    const ids = dashboard.panels.map(({ id }) => id)
    expect(ids).toEqual(ids.map((_, index) => index + 1))
    for (const { title, targets = [] } of panels) {
      const refIds = (targets as unknown as { refId: string }[]).map(({ refId }) => refId)
      expect(refIds.length, title).toBeGreaterThan(0)
      expect(new Set(refIds).size, title).toBe(refIds.length)
      for (const refId of refIds) expect(refId, title).toMatch(/^[A-Z]$/)
    }
  })

  test('nothing lies on anything else or beside the grid, and no line has a hole', () => {
    const cells = new Map<string, string>()
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos!
      expect(x + w, title).toBeLessThanOrEqual(24)
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          expect(cells.get(`${column}/${row}`), `what ${title} lies on`).toBeUndefined()
          cells.set(`${column}/${row}`, title!)
        }
      }
    }
    const bottom = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos!.y + gridPos!.h))
    expect(cells.size).toBe(24 * bottom)
  })

  test('every panel says what it shows, in which unit, and whose each line is', () => {
    expect(new Set(panels.map(({ gridPos }) => JSON.stringify(gridPos))).size).toBe(panels.length)
    for (const { title, description, fieldConfig, targets = [] } of panels) {
      expect(description, title).toMatch(/^[A-Z].{20,}\.$/s)
      expect(fieldConfig?.defaults.unit, title).toEqual(expect.any(String))
      for (const { legendFormat } of targets as unknown as { legendFormat: string }[])
        expect(legendFormat, title).toMatch(/\S/)
    }
  })

  test('the data source is the one that the reader picks', () => {
    const sources = [...panels, ...dashboard.annotations.list, ...dashboard.templating.list.slice(1)].map(
      ({ datasource }) => datasource,
    )
    for (const source of sources) expect(source).toEqual({ type: 'prometheus', uid: '${datasource}' })
    expect(dashboard.templating.list[0]).toMatchObject({ type: 'datasource', query: 'prometheus' })
  })
})

test('whatever may be empty says why', () => {
  const queries = specs.flatMap(({ rows }) =>
    rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries)),
  )
  const reasons = queries.flatMap(({ emptyWhenHealthy }) => emptyWhenHealthy ?? [])
  expect(reasons.length).toBeGreaterThan(0)
  for (const reason of reasons) expect(reason).toMatch(/\w+ \w+/)
})
