import { Command } from 'commander'
import type { CheckpointOptions } from './checkpoint/each-state.ts'

const over = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .requiredOption('-c, --config <file>', 'the configuration of the gateways')
    .option('--endpoint <name>', 'that one alone (default: all)')
    .option('--store <url>', 'in place of the configured store')

const withFolder = (name: string, description: string): Command =>
  over(name, description).option('--folder <path>', 'in place of the configured folder')

export const checkpointCommand = (): Command =>
  new Command('checkpoint')
    .description('what the store has learned, and what becomes of it when it was emptied')
    .addCommand(
      withFolder(
        'show',
        'say of each endpoint what the store has, what it began with, and what is on disk',
      ).action(async (options: CheckpointOptions) => {
        const { showStates } = await import('./checkpoint/show.ts')
        await showStates(options, console.log)
      }),
    )
    .addCommand(
      withFolder('save', 'write a checkpoint of each endpoint now, from any store').action(
        async (options: CheckpointOptions) => {
          const { saveStates } = await import('./checkpoint/save.ts')
          await saveStates(options, console.log)
        },
      ),
    )
    .addCommand(
      withFolder('restore', 'give an emptied store the newest checkpoint from before it was')
        .option('--file <path>', 'that one, of the endpoint that it names')
        .action(async (options: CheckpointOptions & { readonly file?: string }) => {
          const { restoreStates } = await import('./checkpoint/restore.ts')
          await restoreStates(options, console.log)
        }),
    )
    .addCommand(
      over(
        'forget',
        'what an emptied store has is all there is: gateways let go of what they knew before',
      ).action(async (options: CheckpointOptions) => {
        const { forgetStates } = await import('./checkpoint/forget.ts')
        await forgetStates(options, console.log)
      }),
    )
