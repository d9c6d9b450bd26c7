import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { exitCodeOf, explain } from '../../cli/faults.ts'
import { createProgram } from '../../cli/program.ts'
import { tempDir } from '../support/temp-dir.ts'

/** What it prints, and the error it ends with. */
const run = async (...words: string[]) => {
  const log = vi.spyOn(console, 'log').mockReturnValue()
  const error: unknown = await createProgram()
    .parseAsync(['config', ...words], { from: 'user' })
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
  return { printed: log.mock.calls.flat().join('\n'), error }
}

test('a valid file is said to be one', async () => {
  const file = join(import.meta.dirname, '../../examples/rules/bandit.yaml')
  const { printed, error } = await run('check', file)
  expect(error).toBeUndefined()
  expect(printed).toMatch(/rules\/bandit\.yaml is valid: endpoints \w+.*; models \w+/)
})

test('a model file that is not here is told, and no fault of the configuration', async () => {
  const file = join(await tempDir(), 'bandit.yaml')
  await writeFile(file, 'models: { a: { onnx: a.onnx } }\nendpoints: { e: { arms: { a: { model: a } } } }\n')
  const told = vi.spyOn(console, 'error').mockReturnValue()
  const { printed, error } = await run('check', file)
  expect(error).toBeUndefined()
  expect(printed).toContain('is valid')
  expect(told.mock.calls.flat()).toEqual([
    expect.stringMatching(/no model file at .*\/a\.onnx, for models\.a\.onnx$/),
  ])
})

test('every fault of another is told with its place, and the exit code is 1', async () => {
  const file = join(await tempDir(), 'bandit.yaml')
  await writeFile(
    file,
    'lisen: 1\nmodels: { a: { onnx: a.onnx } }\nendpoints: { e: { arms: { a: { model: b } } } }\n',
  )
  const { printed, error } = await run('check', file)
  expect(printed).toBe('')
  expect(exitCodeOf(error)).toBe(1)
  expect(explain(error)).toMatch(
    /bandit\.yaml:1:1 lisen: .*listen.*\n.*bandit\.yaml:3:\d+ endpoints\.e\.arms\.a\.model/,
  )
})

test('the schema is that of the file', async () => {
  const { printed } = await run('schema')
  expect(JSON.parse(printed)).toMatchObject({ type: 'object', required: ['endpoints'] })
})
