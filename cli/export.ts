import { Command, Option } from 'commander'
import type { ExportOptions } from './export/run.ts'

export const exportCommand = (): Command =>
  new Command('export')
    .description('write the decisions of a log, with their rewards, for other programs')
    .requiredOption('--log <dir>', 'the folder of the decision log')
    .requiredOption('--endpoint <name>', 'the endpoint whose decisions are wanted')
    .addOption(
      new Option('--format <format>', "Vowpal Wabbit's dsjson, or the Open Bandit Dataset's CSV files")
        .choices(['dsjson', 'open-bandit'])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <path>', 'the file, or for open-bandit the folder, to write')
    .action(async (options: ExportOptions) => {
      const { runExport } = await import('./export/run.ts')
      await runExport(options, { note: console.error })
    })
