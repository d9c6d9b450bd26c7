import { readFile, writeFile } from 'node:fs/promises'
import { simulate } from '../../bandit/simulate/simulate.ts'
import { evenCheckpoints } from '../../bandit/simulate/simulation.ts'
import { readScenario } from './from-gateway.ts'
import { parseScenario } from './parse-scenario.ts'
import { plot } from './plot.ts'
import { createProgressBar, type ProgressBar } from './progress.ts'
import { regretLines } from './regret-lines.ts'
import { runTables } from './run-tables.ts'
import type { Scenario } from './scenario.ts'
import { toSvg } from './svg.ts'
import { chooseTables } from './tables.ts'
import { toJson } from './to-json.ts'

export interface SimulateCommand {
  /** Exactly one of the three is there. */
  readonly file?: string
  readonly from?: string
  readonly table?: string
  /** Decisions a second of the gateway. */
  readonly rate?: number
  readonly runs?: number
  readonly horizon?: number
  readonly seed?: number
  readonly cores: number
  readonly quick: boolean
  readonly svg?: string
  readonly json?: string
  /** Puts the tables into TABLES.md. */
  readonly write: boolean
}

/** Resolves to the exit code: 1 when a published table is not reproduced. */
export const runSimulate = async (command: SimulateCommand): Promise<number> => {
  if (command.table !== undefined) {
    const { table, quick, cores, json, write } = command
    return await runTables(chooseTables(table), {
      effort: quick ? 'quick' : 'full',
      cores,
      json,
      markdown: write ? tablesFile : undefined,
      startBar,
      print,
      today: () => new Date(),
    })
  }
  const scenario =
    command.from === undefined
      ? parseScenario(await readFile(command.file!, 'utf8'), command.file!)
      : await readScenario(command.from, { get: fetch, rate: command.rate })
  await runScenario(withOverrides(scenario, command), command)
  return 0
}

const tablesFile = new URL('../../bandit/simulate/TABLES.md', import.meta.url)

const withOverrides = (
  scenario: Scenario,
  { runs = scenario.runs, seed = scenario.seed, horizon = scenario.world.horizon }: SimulateCommand,
): Scenario => ({ ...scenario, runs, seed, world: { ...scenario.world, horizon } })

const runScenario = async (scenario: Scenario, { cores, svg, json }: SimulateCommand): Promise<void> => {
  const bar = startBar('simulating')
  const checkpoints = evenCheckpoints(scenario.world.horizon)
  const results = await simulate({ ...scenario, checkpoints }, { cores, onProgress: bar.show })
  bar.clear()
  print([...regretLines(scenario, results), '', ...plot(results, { width: 72, height: 14 })])
  if (svg !== undefined) await writeFile(svg, toSvg(scenario.title, results))
  if (json !== undefined) await writeFile(json, toJson(scenario, results))
}

const startBar = (title: string): ProgressBar =>
  createProgressBar(title, process.stderr, () => performance.now())

const print = (lines: readonly string[]): void => console.log(lines.join('\n'))
