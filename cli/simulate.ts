import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { integerBetween, numberBetween } from './arguments.ts'
import type { SimulateCommand } from './simulate/run.ts'

export const simulateCommand = (): Command =>
  new Command('simulate')
    .description('play policies on simulated arms and compare their regret, or reproduce published tables')
    .argument('[file]', 'the scenario, YAML')
    .option('--from <url>', 'play on the arms of a running gateway: the address of one of its endpoints')
    .option(
      '--rate <number>',
      'decisions a second there, to play with the delays it has measured',
      numberBetween(1e-6, 1e6),
    )
    .option('--table <names>', 'reproduce these published tables, with commas between, or all')
    .option('--quick', 'tables with fewer runs and wider tolerances', false)
    .option('--runs <number>', 'runs of each policy', integerBetween(1, 1_000_000))
    .option('--horizon <number>', 'decisions in a run', integerBetween(1, 100_000_000))
    .option('--seed <number>', 'of all randomness', integerBetween(0, 2 ** 31 - 1))
    .option('--cores <number>', 'threads to play on', integerBetween(1, 1024), availableParallelism())
    .option('--svg <file>', 'draw the regret there')
    .option('--json <file>', 'write all results there')
    .option(
      '--write',
      'put the tables into bandit/simulate/TABLES.md too; only of --table all in full',
      false,
    )
    .addHelpText(
      'after',
      '\nGive one of a scenario file, --from and --table. The same seed has the same results on any number of cores.' +
        '\nExit code 1: a row of a table lies outside its tolerance.',
    )
    .action(async (file: string | undefined, options: Omit<SimulateCommand, 'file'>, command: Command) => {
      const { from, table, write, quick, rate } = options
      if ([file, from, table].filter((given) => given !== undefined).length !== 1) {
        command.error('error: give exactly one of a scenario file, --from and --table')
      }
      if (rate !== undefined && from === undefined) command.error('error: --rate goes with --from')
      if (write && (table !== 'all' || quick)) {
        command.error('error: --write goes with --table all, without --quick')
      }
      const { runSimulate } = await import('./simulate/run.ts')
      process.exitCode = await runSimulate({ ...options, ...(file !== undefined && { file }) })
    })
