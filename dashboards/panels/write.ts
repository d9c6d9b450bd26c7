/**
 * `npm run panels`: what every panel of the dashboards shows under the demo's traffic, and what promtool says of the
 * rules and their tests, into PANELS.md. Prometheus and promtool have to be on PATH.
 */
import { execFile } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { duringDemo } from '../demo-traffic.ts'
import { dashboards } from '../src/dashboards.ts'
import { startPrometheus } from './prometheus.ts'
import { type Row, toRows } from './to-rows.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..')
const traffic = { perSecond: 100, seconds: 75 }
/** The images have turned noisy half-way, and the traffic has moved. */
const lookAfterMs = 65_000

const parts = [
  `# What the panels show

Every query of every panel, as a real Prometheus answered it ${lookAfterMs / 1000} s into the demo's traffic, ${traffic.perSecond} requests a second whose images
turn noisy half-way; then what promtool says of the rules. \`npm run panels\` wrote this.
`,
]
await duringDemo(traffic, async (origin) => {
  const prometheus = await startPrometheus(origin)
  try {
    await sleep(lookAfterMs)
    for (const dashboard of dashboards) {
      parts.push(`\n## ${dashboard.title}\n\n${toTable(await toRows(dashboard, prometheus))}`)
    }
  } finally {
    await prometheus.stop()
  }
})
parts.push('\n## Rules\n')
await tell('promtool', ['check', 'config', 'dashboards/prometheus/prometheus.yml'])
const tests = join('test', 'dashboards', 'prometheus')
for (const name of await readdir(join(root, tests)))
  await tell('promtool', ['test', 'rules', join(tests, name)])
const text = parts.join('')
await writeFile(join(import.meta.dirname, '..', 'PANELS.md'), text)
process.stdout.write(text)

function toTable(rows: readonly Row[]): string {
  const lines = rows.map(({ panel, query, series, values }) =>
    [panel, `\`${query}\``, series, values].map(escape),
  )
  return `| panel | query | series | values |\n|---|---|---:|---|\n${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`
}

function escape(cell: string | number): string {
  return String(cell).replaceAll('|', String.raw`\|`)
}

async function tell(command: string, given: readonly string[]): Promise<void> {
  const { stdout } = await run(command, given, { cwd: root })
  const said = stdout.trim().replaceAll(`${root}/`, '')
  parts.push(`\n    $ ${command} ${given.join(' ')}\n${said.replaceAll(/^(?=.)/gm, '    ')}\n`)
}
