import { CommanderError, type Command } from 'commander'
import { expect, test } from 'vitest'
import { exitCodeOf, explain } from '../../cli/faults.ts'
import { createProgram } from '../../cli/program.ts'

/** Runs the command line as far as commander takes it and returns what it wrote and the error it ended with. */
const run = async (...words: string[]) => {
  const written: string[] = []
  const program = createProgram()
  const capture = (command: Command) =>
    command.configureOutput({
      writeOut: (text) => written.push(text),
      writeErr: (text) => written.push(text),
    })
  for (const command of [program, ...program.commands]) capture(command)
  const error: unknown = await program.parseAsync(words, { from: 'user' }).catch((thrown: unknown) => thrown)
  return { text: written.join(''), error, exitCode: exitCodeOf(error) }
}

test('help names every command and is no error', async () => {
  const { text, exitCode } = await run('--help')
  expect(exitCode).toBe(0)
  for (const name of [
    'serve',
    'worker',
    'config',
    'demo',
    'simulate',
    'evaluate',
    'explain',
    'export',
    'keys',
  ])
    expect(text).toMatch(new RegExp(`^ {2}${name} `, 'm'))
})

test.each(['serve', 'worker', 'demo', 'simulate', 'evaluate', 'explain', 'export', 'keys'])(
  '%s explains its options',
  async (name) => {
    const { text, exitCode } = await run(name, '--help')
    expect(exitCode).toBe(0)
    expect(text).toContain(`Usage: bandit ${name} [options]`)
  },
)

test.each([
  ['no command', [], 'Usage: bandit'],
  ['an unknown command', ['frob'], "unknown command 'frob'"],
  ['an unknown option', ['demo', '--foo'], "unknown option '--foo'"],
  ['a missing option', ['serve'], "'-c, --config <file>' not specified"],
  ['an option of the wrong kind', ['demo', '--rate', 'x'], 'Give a number from 1 to 5000.'],
  ['a fraction for a whole number', ['demo', '--seed', '1.5'], 'Give a whole number from 0 to 2147483647.'],
  ['an empty number', ['demo', '--seconds', ''], 'Give a number from 2 to 3600.'],
  ['a store that is not Redis', ['demo', '--redis', 'localhost'], 'redis://127.0.0.1:6379'],
  ['an address without a port', ['serve', '-c', 'x.yaml', '--listen', 'localhost'], 'host:port'],
  ['a port out of range', ['serve', '-c', 'x.yaml', '--listen', '[::1]:65536'], 'host:port'],
  ['an unknown log level', ['serve', '-c', 'x.yaml', '--log-level', 'loud'], 'Allowed choices are trace'],
])('%s is bad usage: one clear line and exit code 2', async (_, words, message) => {
  const { text, error, exitCode } = await run(...words)
  expect(error).toBeInstanceOf(CommanderError)
  expect(exitCode).toBe(2)
  expect(text).toContain(message)
  expect(text).not.toMatch(/^ +at /m)
  expect(explain(error)).toBeUndefined()
})

test('any other error is told without its stack, and ends with 1 unless it states a code of its own', () => {
  const error = new Error('the file is not there')
  expect(explain(error)).toBe('bandit: the file is not there')
  expect(exitCodeOf(error)).toBe(1)
  expect(exitCodeOf(Object.assign(error, { exitCode: 3 }))).toBe(3)
})
