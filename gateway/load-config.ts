import { readFile } from 'node:fs/promises'
import type { Config } from './config/config.ts'
import { readEnvironment, type Environment } from './config/reading/environment.ts'
import { formatFault, parseConfig } from './config/parse-config.ts'
import { StartFault } from './start-fault.ts'

/** @throws StartFault with every fault of the file at once */
export async function loadConfig(file: string): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new StartFault(`cannot read the configuration ${file}: ${(error as Error).message}`, {
      cause: error,
    })
  })
  const result = parseConfig(text, file)
  if ('faults' in result)
    throw new StartFault(['the configuration is not valid', ...result.faults.map(formatFault)].join('\n'))
  return result.config
}

/** @throws StartFault with every fault of the environment at once */
export function loadEnvironment(): Environment {
  const result = readEnvironment()
  if ('faults' in result) throw new StartFault(['the environment is not valid', ...result.faults].join('\n'))
  return result.environment
}
