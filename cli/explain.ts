import { Command } from 'commander'
import type { ExplainOptions } from './explain/run.ts'

export const explainCommand = (): Command =>
  new Command('explain')
    .description('say what a prediction id says, and make its decision again from the decision log')
    .argument('<prediction-id>', 'as /predict answered it')
    .requiredOption('-c, --config <file>', 'the configuration of the gateway that made it')
    .option('--log <dir>', "the decision log's folder (default: the configured one)")
    .action(async (predictionId: string, options: ExplainOptions) => {
      const { runExplain } = await import('./explain/run.ts')
      await runExplain(predictionId, options, { print: console.log, note: console.error })
    })
