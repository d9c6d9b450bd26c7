import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { findPython, type Python } from '../../support/find-python.ts'

const folder = join(import.meta.dirname, '../../gateway/pipeline')

let python: Python
beforeAll(async () => {
  python = await findPython('sklearn', ['numpy==2.4.6', 'scikit-learn==1.7.2'], { isLarge: true })
  if ('reason' in python) console.log(`skipped scikit-learn: ${python.reason}`)
}, 600_000)

/** With the last digits of its numbers left out, which are up to the processor. */
const rounded = (json: string): unknown =>
  JSON.parse(json, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value))

test('scikit-learn still makes of the rows what the pipelines are compared with', async ({ skip }) => {
  if ('reason' in python) return skip(python.reason)
  const { stdout } = await promisify(execFile)(join(python.bin, 'python'), [join(folder, 'sklearn.py')], {
    maxBuffer: 2 ** 26,
  })
  expect(rounded(stdout)).toEqual(rounded(await readFile(join(folder, 'sklearn.json'), 'utf8')))
})
