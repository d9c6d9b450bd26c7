import type { JudgedRow } from '../../bandit/simulate/tables/judge.ts'
import type { TableReport } from '../../bandit/simulate/tables/run-table.ts'
import { type Column, table } from '../demo/display/table.ts'
import { figure } from './number.ts'

/** A table as played, with what was published beside it. */
export const tableLines = ({
  name,
  title,
  source,
  note,
  effort,
  seconds,
  rows,
  passed,
}: TableReport): string[] => {
  return [
    `${name} (${effort}): ${title}`,
    source,
    ...(note === undefined ? [] : [note]),
    '',
    ...table(columns(rows), rows),
    '',
    `${countWithin(rows)} of ${rows.length} rows within their tolerance${passed ? '' : ': NOT reproduced'}; ${seconds.toFixed(0)} s`,
  ]
}

const number = (title: string, cell: (row: JudgedRow) => string): Column<JudgedRow> => ({
  title,
  width: 10,
  align: 'right',
  cell,
})

const columns = (rows: readonly JudgedRow[]): Column<JudgedRow>[] => [
  {
    title: 'row',
    width: Math.max(...rows.map(({ label }) => label.length)),
    align: 'left',
    cell: ({ label }) => label,
  },
  number('paper', paperOf),
  number('reference', referenceOf),
  number('ours', ({ ours }) => figure(ours)),
  number('± s.e.', ({ error }) => figure(error)),
  number('tolerance', ({ allowed }) => `± ${figure(allowed)}`),
  { title: 'verdict', width: 7, align: 'left', cell: ({ verdict }) => verdict },
]

const paperOf = ({ paper }: JudgedRow): string => (paper === undefined ? '' : figure(paper))
const referenceOf = ({ reference, atMost }: JudgedRow): string => `${atMost ? '≤ ' : ''}${figure(reference)}`

export interface Played {
  readonly date: Date
  /** Threads that played. */
  readonly cores: number
}

/** The same as Markdown. */
export const tablesMarkdown = (reports: readonly TableReport[], { date, cores }: Played): string =>
  [
    '# Published tables, reproduced',
    '',
    `\`npm run simulate -- --table all --write\`, ${date.toISOString().slice(0, 10)}, ${cores} threads. Reference: an`,
    'independent simulator, or exact. Tolerance: what the difference may be at most, the larger one of the row’s own and',
    'four standard errors. The seeds make every figure come out again, on any number of threads.',
    '',
    '| table | rows within | seed | seconds |',
    '|---|---|---|---|',
    ...reports.map(({ name, effort, rows, seeds, seconds }) => {
      const played = effort === 'full' ? name : `${name} (${effort})`
      return `| ${played} | ${countWithin(rows)} of ${rows.length} | ${seeds.join(', ')} | ${seconds.toFixed(0)} |`
    }),
    ...reports.flatMap(({ name, title, source, note, rows }) => [
      '',
      `## ${name}`,
      '',
      `${title}. Source: ${source}.`,
      ...(note === undefined ? [] : ['', note]),
      '',
      '| row | paper | reference | ours | ± s.e. | tolerance | verdict |',
      '|---|---|---|---|---|---|---|',
      ...rows.map(
        (row) =>
          `| ${row.label} | ${paperOf(row)} | ${referenceOf(row)} | ${figure(row.ours)} | ` +
          `${figure(row.error)} | ${figure(row.allowed)} | ${row.verdict} |`,
      ),
    ]),
    '',
  ].join('\n')

const countWithin = (rows: readonly JudgedRow[]): number =>
  rows.filter(({ verdict }) => verdict === 'within').length
