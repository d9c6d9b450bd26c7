import { Command } from 'commander'
import { integerBetween, numberBetween } from './arguments.ts'
import type { RunOptions } from './evaluate/run.ts'

const collect = (text: string, before: readonly string[] = []): string[] => [...before, text]

export const evaluateCommand = (): Command =>
  new Command('evaluate')
    .description('say what another policy would have earned, from the decision log of the one that ran')
    .requiredOption('--log <dir>', 'the folder of the decision log')
    .requiredOption('--endpoint <name>', 'the endpoint to judge')
    .requiredOption(
      '--policy <policy>',
      `a name, its settings as JSON ('{"name":"ucb1"}'), or arm:NAME; may be given more than once`,
      collect,
    )
    .option('--max-weight <number>', 'where clipped and switch-dr cut', numberBetween(1, 1e9), 10)
    .option('--confidence <share>', 'of the intervals', numberBetween(0.5, 0.9999), 0.95)
    .option('--seed <number>', 'of the bootstrap', integerBetween(0, 2_147_483_647), 1)
    .option(
      '--min-effective <number>',
      'smallest effective sample size to answer with',
      numberBetween(1, 1e9),
      100,
    )
    .option(
      '--max-missing <share>',
      "largest share of the policy's choices unknown to the log",
      numberBetween(0, 1),
      0.01,
    )
    .option('--json <file>', 'write the whole result there')
    .option('--svg <file>', 'draw the intervals there')
    .action(async (options: RunOptions) => {
      const { runEvaluate } = await import('./evaluate/run.ts')
      await runEvaluate(options, { print: console.log, note: console.error })
    })
