import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { folder } from '../../fixtures/dashboards.ts'
import { whyNoPrometheus } from '../../support/find-prometheus.ts'

const run = promisify(execFile)
const prometheus = join(folder, 'prometheus')
const cases = join(import.meta.dirname, '..', '..', 'dashboards', 'prometheus')
const files = (await readdir(cases)).filter((name) => name.endsWith('.test.yml'))

const reason = await whyNoPrometheus()
if (reason !== undefined) console.log(`skipped the tests of Prometheus rules: ${reason}`)

describe.skipIf(reason !== undefined)('promtool', () => {
  test('takes the configuration with its rules', async () => {
    const { stdout } = await run('promtool', ['check', 'config', join(prometheus, 'prometheus.yml')])
    expect(stdout).toContain('SUCCESS: 2 rule files found')
  })

  test.each(files)('finds that the rules do what %s says', async (name) => {
    const { stdout } = await run('promtool', ['test', 'rules', join(cases, name)])
    expect(stdout).toContain('SUCCESS')
  })
})

interface AlertCase {
  readonly alertname: string
  readonly exp_alerts: readonly unknown[]
}

test('every rule has a test, and every alert one in which it fires and one in which it does not', () => {
  const read = (path: string): string => readFileSync(path, 'utf8')
  const rulesOf = (name: string) =>
    (
      parse(read(join(prometheus, name))) as { groups: { rules: { alert?: string; record?: string }[] }[] }
    ).groups.flatMap(({ rules }) => rules.map(({ alert, record }) => alert ?? record!))
  const texts = files.map((name) => read(join(cases, name)))
  const alertCases = texts.flatMap((text) =>
    (parse(text) as { tests: { alert_rule_test?: AlertCase[] }[] }).tests.flatMap(
      ({ alert_rule_test: alerts = [] }) => alerts,
    ),
  )
  const namesOf = (chosen: readonly AlertCase[]) =>
    [...new Set(chosen.map(({ alertname }) => alertname))].toSorted()
  const alerts = rulesOf('alerts.yml').toSorted()
  expect(namesOf(alertCases.filter(({ exp_alerts: expected }) => expected.length > 0))).toEqual(alerts)
  expect(namesOf(alertCases.filter(({ exp_alerts: expected }) => expected.length === 0))).toEqual(alerts)
  for (const name of rulesOf('recording-rules.yml')) expect(texts.join('\n')).toContain(name)
})
