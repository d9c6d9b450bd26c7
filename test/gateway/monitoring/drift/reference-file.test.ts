import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readReferences } from '../../../../gateway/monitoring/drift/reference-file.ts'
import { tempDir } from '../../../support/temp-dir.ts'

const fileOf = async (text: string): Promise<string> => {
  const path = join(await tempDir(), 'reference.json')
  await writeFile(path, text)
  return path
}
const number = { bins: { kind: 'number', edges: [0.5] }, counts: [100, 200] }

test('what is written is read', async () => {
  const references = { a: { input: { x: number }, output: {} } }
  expect(await readReferences(await fileOf(JSON.stringify(references)))).toEqual(references)
})

test.each([
  ['no JSON', '{', /cannot be read: write it with curl/],
  [
    'a count too few',
    JSON.stringify({ a: { input: { x: { ...number, counts: [1] } } } }),
    /at a\.input\.x: .*one count a bin/,
  ],
  ['another shape', JSON.stringify({ a: { inputs: {} } }), /at a/],
])('%s is no reference', async (_what, text, message) => {
  await expect(readReferences(await fileOf(text))).rejects.toMatchObject({
    code: 'cannot_start',
    message: expect.stringMatching(message),
  })
})

test('nor is a file that is not there', async () => {
  await expect(readReferences('/nowhere/at/all.json')).rejects.toMatchObject({ code: 'cannot_start' })
})
