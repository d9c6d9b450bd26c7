import { Command } from 'commander'
import type { BenchOptions } from '../bench/run.ts'
import { integerBetween, numberBetween, redisUrl } from './arguments.ts'

export const benchCommand = (): Command =>
  new Command('bench')
    .description('measure what the gateway costs against the same models without it')
    .option('--rounds <number>', 'times that every server has its turn', integerBetween(1, 100), 5)
    .option('--seconds <number>', 'length of one turn', numberBetween(0.2, 600), 5)
    .option('--redis <url>', 'use this server, not the redis-server on PATH', redisUrl)
    .option('--write', 'put the report into bench/RESULTS.md too', false)
    .action(async (options: BenchOptions) => {
      const { runBench } = await import('../bench/run.ts')
      await runBench(options)
    })
