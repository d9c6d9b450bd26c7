import { Command, Option } from 'commander'
import { integerBetween } from './arguments.ts'
import type { BatchOptions } from './batch/run.ts'
import { createStopSignal } from './stop-signal.ts'

export const batchCommand = (): Command =>
  new Command('batch')
    .description('answer every row of a file as /predict would, and go on where it was broken off')
    .requiredOption('--endpoint <name>', 'the endpoint that answers')
    .requiredOption('--in <file>', 'rows as NDJSON or CSV; or - for standard input')
    .requiredOption(
      '--out <file>',
      'answers as NDJSON, one a row and in their order; or - for standard output',
    )
    .addOption(
      new Option('--format <format>', 'of the rows; by the name of the file when absent').choices([
        'ndjson',
        'csv',
      ]),
    )
    .option('--gateway <url>', 'a gateway that runs; its key, where it wants one, from BANDIT_API_KEY')
    .option('-c, --config <file>', 'run a gateway of this configuration for as long as it takes')
    .addOption(
      new Option(
        '--arm <arm>',
        'policy: whichever it draws; best: the likeliest to be best, as it is known at the start',
      ).default('policy'),
    )
    .option('--run <name>', 'name of the run, from which the ids of its rows are made; drawn when absent')
    .option('--concurrency <rows>', 'rows under way at once', integerBetween(1, 1024), 64)
    .option(
      '--sync-every <rows>',
      'rows between two places to go on from',
      integerBetween(1, 1_000_000),
      1000,
    )
    .option(
      '--fast',
      'let rows share batches and arms stand in for each other: quicker, and no two runs are the same to the last bit',
    )
    .option('--restart', 'begin anew and overwrite what is there')
    .action(async (options: BatchOptions) => {
      const { runBatch } = await import('./batch/run.ts')
      const stop = createStopSignal(() => process.exit(130))
      process.exitCode = await runBatch(options, {
        signal: stop.signal,
        key: process.env['BANDIT_API_KEY'],
        terminal: process.stderr,
        note: console.error,
      })
      stop.release()
    })
