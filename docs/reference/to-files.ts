import { configurationReference } from './configuration.ts'
import { metricsReference } from './metrics.ts'

const configuration = `# Every key of the configuration

\`npm run docs\` writes this from the schema that files are checked by. One YAML file is checked whole: every fault is
reported at once, with its place and how to mend it; \`bandit config check FILE\` does only that, and \`bandit config schema\`
prints a JSON Schema for editors. [README.md](../README.md#configure-it) has an example; the guides to each part are
[learning.md](learning.md), [arms.md](arms.md), [requests.md](requests.md), [access.md](access.md) and
[monitoring.md](monitoring.md).

Durations are written \`50ms\`, \`10s\`, \`5m\`, \`6h\` or \`7d\`, sizes \`512B\`, \`64KiB\` or \`1MiB\`. \`<model>\`, \`<endpoint>\`, \`<arm>\`
and \`<name>\` are names of your own, \`[]\` is each entry of a list. A default that is said in words with the meaning depends on
other keys, or is told apart from being set.

Secrets never stand in the file: [access.md](access.md) lists the environment variables.

${configurationReference()}`

const metrics = `# Every metric

\`npm run docs\` writes this from the declarations. \`GET /metrics\` has them all as Prometheus text; labels come from the
configuration or from small closed sets, never from callers. Where a metric is shown, panels are in italics and alerts lead
to the [runbook](../dashboards/RUNBOOK.md). Workers export nothing: what is known of them is known from outside.

${metricsReference()}`

/** Name and text of every file in docs/ that is made. */
export function toFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['configuration.md', configuration],
    ['metrics.md', metrics],
  ])
}
