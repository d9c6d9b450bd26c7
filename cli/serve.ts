import { Command, Option } from 'commander'
import { logLevels } from '../gateway/config/config.ts'
import { hostAndPort } from './arguments.ts'
import { howToCall } from './how-to-call.ts'
import { createStopSignal } from './stop-signal.ts'

interface Options {
  readonly config: string
  readonly listen?: string
  readonly auth?: string
  readonly store?: string
  readonly journal?: string
  readonly policy?: string
  readonly logLevel?: (typeof logLevels)[number]
}

export const serveCommand = (): Command =>
  new Command('serve')
    .description('run a gateway with the models of a configuration file')
    .requiredOption('-c, --config <file>', 'the configuration, YAML')
    .option('--listen <host:port>', 'listen there, not where the configuration says', hostAndPort)
    .option('--auth <file>', 'take the keys from there; or off: everybody may do everything')
    .option('--store <url>', 'sqlite:FILE or redis://HOST:PORT in place of the configured store')
    .option('--journal <file>', 'keep feedback for Redis there, not where the configuration says; or off')
    .option('--policy <name>', 'use this policy for every endpoint')
    .addOption(new Option('--log-level <level>', 'in place of the configured one').choices(logLevels))
    .action(async ({ config, ...overrides }: Options) => {
      const { serve } = await import('../gateway/serve.ts')
      const stop = createStopSignal(() => process.exit(130))
      await serve({
        configPath: config,
        overrides,
        signal: stop.signal,
        onReady: (origin, endpoints) => {
          // For people alone: to whoever collects the output every line is a log entry.
          if (process.stderr.isTTY) console.error(`\n${howToCall(origin, endpoints)}\n`)
        },
      })
      stop.release()
    })
