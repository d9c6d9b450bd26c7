/** `npm run bench`: what the gateway costs against the same models without it. */
import { Command } from 'commander'
import { integerBetween, numberBetween, redisUrl } from '../cli/arguments.ts'
import { type BenchOptions, runBench } from './run.ts'

const command = new Command('npm run bench --')
  .description('measure what the gateway costs against the same models without it')
  .option('--rounds <number>', 'times that every server has its turn', integerBetween(1, 100), 5)
  .option('--seconds <number>', 'length of one turn', numberBetween(0.2, 600), 5)
  .option('--redis <url>', 'use this server, not the redis-server on PATH', redisUrl)
  .option('--write', 'put the report into bench/RESULTS.md too', false)
  .parse()
await runBench(command.opts<BenchOptions>())
