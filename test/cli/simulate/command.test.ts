import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommanderError } from 'commander'
import { expect, test, vi } from 'vitest'
import { exitCodeOf } from '../../../cli/faults.ts'
import { simulateCommand } from '../../../cli/simulate.ts'
import { runSimulate } from '../../../cli/simulate/run.ts'

const run = async (...words: string[]) => {
  const written: string[] = []
  const command = simulateCommand()
    .exitOverride()
    .configureOutput({ writeErr: (text) => written.push(text), writeOut: (text) => written.push(text) })
  const error: unknown = await command.parseAsync(words, { from: 'user' }).catch((thrown: unknown) => thrown)
  return { text: written.join(''), error }
}

test.each([
  ['nothing', [], 'give exactly one of'],
  ['two things', ['a.yaml', '--table', 'besson'], 'give exactly one of'],
  ['--write without a full run', ['--table', 'all', '--quick', '--write'], '--write goes with --table all'],
  ['--write with some tables', ['--table', 'besson', '--write'], '--write goes with --table all'],
  ['a rate of no gateway', ['a.yaml', '--rate', '5'], '--rate goes with --from'],
  ['no whole number', ['a.yaml', '--runs', '1.5'], 'Give a whole number from 1'],
])('%s is bad usage', async (_, words, message) => {
  const { text, error } = await run(...words)
  expect(error).toBeInstanceOf(CommanderError)
  expect(exitCodeOf(error)).toBe(2)
  expect(text).toContain(message)
})

test('a scenario file is played, shown, drawn and written as JSON; options stand before the file', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'bandit-simulate-'))
  const [file, svg, json] = ['arms.yaml', 'out.svg', 'out.json'].map((name) => join(dir.path, name)) as [
    string,
    string,
    string,
  ]
  await writeFile(file, 'arms: { a: 0.5, b: 0.3 }\nruns: 50\nhorizon: 400\npolicies: [uniform]\n')
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  try {
    const code = await runSimulate({
      file,
      runs: 3,
      horizon: 200,
      seed: 5,
      cores: 1,
      quick: false,
      write: false,
      svg,
      json,
    })
    expect(code).toBe(0)
    expect(log.mock.calls.flat().join('\n')).toContain('200 decisions, 3 runs, seed 5')
  } finally {
    log.mockRestore()
  }
  expect(await readFile(svg, 'utf8')).toMatch(/^<svg /)
  expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
    runs: 3,
    seed: 5,
    world: { horizon: 200 },
  })
})
