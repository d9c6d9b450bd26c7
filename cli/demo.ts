import { Command } from 'commander'
import { integerBetween, numberBetween, redisUrl } from './arguments.ts'
import type { DemoOptions } from './demo/options.ts'

export const demoCommand = (): Command =>
  new Command('demo')
    .description(
      'send the example traffic through a gateway of its own, change it half-way, and report what came of it',
    )
    .option('--seed <number>', 'of all randomness: images, noise, delays', integerBetween(0, 2 ** 31 - 1), 1)
    .option('--rate <number>', 'requests a second', numberBetween(1, 5_000), 250)
    .option('--seconds <number>', 'length of the traffic', numberBetween(2, 3_600), 50)
    .option('--policy <name>', 'use this policy in place of the configured one')
    .option('--redis <url>', 'keep the statistics there, not in a temporary SQLite file', redisUrl)
    .option('--keep', 'leave the gateway on after the report, until Ctrl-C', false)
    .option('--json <file>', 'write the report there as JSON')
    .addHelpText(
      'after',
      '\nExit code 0: no request failed, at least 90 % of the reward of always the best arm was got, and the store has' +
        '\ncounted every acknowledged label exactly once. 1: one of these does not hold; the report says which.',
    )
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('./demo/demo.ts')
      process.exitCode = await runDemo(options)
    })
