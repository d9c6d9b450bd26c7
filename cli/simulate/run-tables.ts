import { writeFile } from 'node:fs/promises'
import { runTable, type TableReport } from '../../bandit/simulate/tables/run-table.ts'
import type { Effort, PublishedTable } from '../../bandit/simulate/tables/table.ts'
import type { ProgressBar } from './progress.ts'
import { tableLines, tablesMarkdown } from './table-lines.ts'

export interface RunTables {
  readonly effort: Effort
  readonly cores: number
  /** Gets everything as JSON. */
  readonly json?: string | undefined
  /** Gets the tables as Markdown, after each of them: what was played is not lost with what comes after it. */
  readonly markdown?: string | URL | undefined
  readonly startBar: (title: string) => ProgressBar
  readonly print: (lines: readonly string[]) => void
  readonly today: () => Date
}

/** Plays published tables and shows them. Resolves to the exit code: 1 when a row of them is outside its tolerance. */
export const runTables = async (
  tables: readonly PublishedTable[],
  { effort, cores, json, markdown, startBar, print, today }: RunTables,
): Promise<number> => {
  const reports: TableReport[] = []
  for (const table of tables) {
    const bar = startBar(table.name)
    const now = () => performance.now()
    const report = await runTable(table, { effort, cores, now, onProgress: bar.show })
    bar.clear()
    print([...tableLines(report), ''])
    reports.push(report)
    if (markdown !== undefined) await writeFile(markdown, tablesMarkdown(reports, { date: today(), cores }))
  }
  if (json !== undefined) await writeFile(json, `${JSON.stringify(reports, undefined, 2)}\n`)
  const missed = reports.filter(({ passed }) => !passed).map(({ name }) => name)
  print([missed.length === 0 ? 'every table reproduced' : `NOT reproduced: ${missed.join(', ')}`])
  return missed.length === 0 ? 0 : 1
}
