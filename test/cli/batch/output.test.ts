import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openOutput, readProgress, type Progress } from '../../../cli/batch/output.ts'
import { tempDir } from '../../support/temp-dir.ts'

const begin: Progress = {
  run: 'r',
  endpoint: 'e',
  in: '/rows',
  rows: 0,
  bytes: 0,
  refused: 0,
  finished: false,
}

test('what was written after the last place to go on from is written again, and nothing else', async () => {
  const out = join(await tempDir(), 'out.ndjson')
  expect(await readProgress(out)).toBeUndefined()
  const first = await openOutput(out, begin)
  await first.write('zero — é')
  await first.write('one')
  await first.checkpoint({ rows: 2, refused: 1, finished: false })
  await first.write('two')
  await first.close()
  // Half a line, as a kill may leave it.
  await appendFile(out, '{"row":2,"pre')

  const known = (await readProgress(out))!
  expect(known).toEqual({ ...begin, rows: 2, refused: 1, bytes: Buffer.byteLength('zero — é\none\n') })
  const second = await openOutput(out, known)
  await second.write('two again')
  await second.checkpoint({ rows: 3, refused: 1, finished: true })
  await second.close()
  expect(await readFile(out, 'utf8')).toBe('zero — é\none\ntwo again\n')
  expect((await readProgress(out))!.finished).toBe(true)
})

test('a run that begins anew overwrites what is there', async () => {
  const out = join(await tempDir(), 'out.ndjson')
  await writeFile(out, 'something long that was there before\n')
  const output = await openOutput(out, begin)
  await output.write('new')
  await output.checkpoint({ rows: 1, refused: 0, finished: true })
  await output.close()
  expect(await readFile(out, 'utf8')).toBe('new\n')
})
