import { Command, InvalidArgumentError } from 'commander'
import { scopeNames, type Scope } from '../gateway/security/keys/scopes.ts'
import type { CreateOptions } from './keys/create.ts'

export const keysCommand = (): Command =>
  new Command('keys').description('keys for a gateway that not everybody may use').addCommand(
    new Command('create')
      .description(
        'make a key: it goes to standard output once, what the gateway keeps of it to standard error',
      )
      .requiredOption('--name <name>', 'what it is called in the configuration, logs and metrics', keyName)
      .requiredOption('--scopes <list>', `of ${scopeNames.join(', ')}, with commas between them`, scopes)
      .option('--endpoints <list>', 'the only endpoints that it is for, with commas between them', names)
      .option('--tenant <name>', 'whose ids and predictions it is for', keyName)
      .action(async (options: CreateOptions) => {
        const { createKey } = await import('./keys/create.ts')
        const { key, lines } = createKey(options)
        process.stdout.write(`${key}\n`)
        console.error(lines.join('\n'))
      }),
  )

const names = (text: string): string[] => text.split(',').map((name) => name.trim())

const keyName = (text: string): string => {
  if (!/^[A-Za-z0-9_.-]{1,64}$/.test(text))
    throw new InvalidArgumentError('Give 1 to 64 letters, digits, points, hyphens or underscores.')
  return text
}

const scopes = (text: string): Scope[] =>
  names(text).map((name) => {
    const scope = scopeNames.find((known) => known === name)
    if (scope === undefined) throw new InvalidArgumentError(`Give some of ${scopeNames.join(', ')}.`)
    return scope
  })
