import { Command } from 'commander'
import type { StateOptions } from './checkpoint/run.ts'

const over = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .requiredOption('-c, --config <file>', 'the configuration of the gateways')
    .option('--endpoint <name>', 'that one alone (default: all)')
    .option('--store <url>', 'in place of the configured store')

export const checkpointCommand = (): Command =>
  new Command('checkpoint')
    .description('what the store has learned, and what becomes of it when it was emptied')
    .addCommand(
      over('show', 'say of each endpoint what the store has and what it began with').action(
        async (options: StateOptions) => {
          const { showStates } = await import('./checkpoint/run.ts')
          await showStates(options, console.log)
        },
      ),
    )
    .addCommand(
      over(
        'forget',
        'what an emptied store has is all there is: gateways let go of what they knew before',
      ).action(async (options: StateOptions) => {
        const { forgetStates } = await import('./checkpoint/run.ts')
        await forgetStates(options, console.log)
      }),
    )
