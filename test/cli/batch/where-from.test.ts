import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openOutput } from '../../../cli/batch/output.ts'
import { whereFrom } from '../../../cli/batch/where-from.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** A run of three rows of which two are answered, or all. */
async function begun(finished = false) {
  const dir = await tempDir()
  const files = { endpoint: 'e', in: join(dir, 'rows.ndjson'), out: join(dir, 'answers.ndjson') }
  await writeFile(files.in, '{"x":1}\n{"x":2}\n{"x":3}\n')
  const output = await openOutput(files.out, await whereFrom(files))
  await output.write('one')
  await output.write('two')
  await output.checkpoint({ rows: 2, refused: 0, finished })
  await output.close()
  return files
}

test('it goes on where it was broken off, also when rows have been added', async () => {
  const files = await begun()
  const from = await whereFrom(files)
  expect(from).toMatchObject({ rows: 2, bytes: 8, finished: false })
  await writeFile(files.in, '{"x":1}\n{"x":2}\n{"x":3}\n{"x":4}\n')
  expect(await whereFrom(files)).toEqual(from)
})

test.each([
  ['other rows under the same name', '{"x":5}\n{"x":6}\n{"x":7}\n{"x":8}\n'],
  ['fewer rows', '{"x":1}\n'],
])('%s are another input', async (_, rows) => {
  const files = await begun()
  await writeFile(files.in, rows)
  await expect(whereFrom(files)).rejects.toThrow(/is of another input: .* --restart/)
})

test('a finished run is not that of a file that has grown since', async () => {
  const files = await begun(true)
  expect(await whereFrom(files)).toMatchObject({ finished: true })
  await writeFile(files.in, '{"x":1}\n{"x":2}\n{"x":3}\n{"x":4}\n')
  await expect(whereFrom(files)).rejects.toThrow('is of another input')
})

test('answers that have been taken away are not made up', async () => {
  const files = await begun()
  await truncate(files.out, 5)
  await expect(whereFrom(files)).rejects.toThrow('holds 5 bytes, and 8 were written')
})

test('a progress that cannot be read is said to be, and --restart begins anew', async () => {
  const files = await begun()
  await writeFile(`${files.out}.progress`, '{"rows"')
  await expect(whereFrom(files)).rejects.toThrow('cannot be read: --restart begins anew')
  expect(await whereFrom({ ...files, restart: true })).toMatchObject({ rows: 0 })
})

test('rows are never written over by their answers', async () => {
  const files = await begun()
  const over = { ...files, out: join(files.in, '..', '.', 'rows.ndjson'), restart: true } as const
  await expect(whereFrom(over)).rejects.toThrow('is what the rows are read from')
})

test('rows that cannot be read are told of', async () => {
  const dir = await tempDir()
  const out = join(dir, 'out')
  for (const [input, code] of [
    [join(dir, 'none'), 'ENOENT'],
    [dir, 'EISDIR'],
  ] as const)
    await expect(whereFrom({ endpoint: 'e', in: input, out })).rejects.toThrow(code)
})
