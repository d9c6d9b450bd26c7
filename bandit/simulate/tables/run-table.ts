import { simulate } from '../simulate.ts'
import type { ContenderResult, Simulation } from '../simulation.ts'
import { judge, type JudgedRow } from './judge.ts'
import type { Effort, PublishedTable } from './table.ts'

export interface TableReport {
  readonly name: string
  readonly title: string
  readonly source: string
  readonly note?: string
  readonly effort: Effort
  readonly seeds: readonly number[]
  /** What it took to play. */
  readonly seconds: number
  readonly rows: readonly JudgedRow[]
  /** True when every row is within its tolerance. */
  readonly passed: boolean
}

export interface RunTableOptions {
  readonly effort: Effort
  readonly cores: number
  /** Milliseconds, from any start. */
  readonly now: () => number
  readonly onProgress?: (played: number, total: number) => void
}

/** Plays all of a table and judges each row of it. */
export async function runTable(
  table: PublishedTable,
  { effort, cores, now, onProgress }: RunTableOptions,
): Promise<TableReport> {
  const startedAt = now()
  const { simulations, rows } = table.plan(effort)
  const total = Object.values(simulations).reduce((sum, simulation) => sum + decisionsOf(simulation), 0)
  const results = new Map<string, readonly ContenderResult[]>()
  let before = 0
  for (const [name, simulation] of Object.entries(simulations)) {
    const done = before
    results.set(
      name,
      await simulate(simulation, { cores, onProgress: (played) => onProgress?.(done + played, total) }),
    )
    before += decisionsOf(simulation)
  }
  const judged = rows.map((row) =>
    judge(row, (name, label) => {
      const result = results.get(name)?.find(({ contender }) => contender.label === label)
      if (result === undefined) throw new Error(`Nothing of ${label} was simulated in ${name}`)
      return result
    }),
  )
  const { name, title, source, note } = table
  return {
    name,
    title,
    source,
    ...(note !== undefined && { note }),
    effort,
    seeds: [...new Set(Object.values(simulations).map(({ seed }) => seed))],
    seconds: (now() - startedAt) / 1000,
    rows: judged,
    passed: judged.every(isWithin),
  }
}

function isWithin({ verdict }: JudgedRow): boolean {
  return verdict === 'within'
}

function decisionsOf({ checkpoints, contenders, runs }: Simulation): number {
  return checkpoints.at(-1)! * contenders.length * runs
}
