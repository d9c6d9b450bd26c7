import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readProgress } from '../../../cli/batch/output.ts'
import { tempDir } from '../../support/temp-dir.ts'

const output = new URL('../../../cli/batch/output.ts', import.meta.url).href

/** As a run does: a place to go on from after each thousand rows, and where something is wrong. */
const writes = (out: string) => `
  import { openOutput } from ${JSON.stringify(output)}
  const from = { run: 'r', endpoint: 'e', in: '-', rows: 0, bytes: 0, refused: 0, finished: false }
  const output = await openOutput(${JSON.stringify(out)}, from)
  let rows = 0
  try {
    for (; rows < 5000; rows++) {
      if (rows % 1000 === 0) await output.checkpoint({ rows, refused: 0, finished: false })
      await output.write(JSON.stringify({ row: rows, text: 'x'.repeat(80) }))
    }
  } catch (error) {
    await output.checkpoint({ rows, refused: 0, finished: false }).catch(() => {})
    console.log(error.code)
  }`

test('rows that a full disk did not take are not said to be answered', async () => {
  const out = join(await tempDir(), 'out.ndjson')
  // A limit of the size of files is a disk that is full for the answers, and not for the few bytes that tell of them.
  const script = 'ulimit -f 200; exec "$0" --input-type=module -e "$1"'
  const child = spawn('bash', ['-c', script, process.execPath, writes(out)], { stdio: ['ignore', 'pipe', 2] })
  let said = ''
  child.stdout!.on('data', (chunk: Buffer) => (said += String(chunk)))
  await once(child, 'close')
  expect(said.trim()).toBe('EFBIG')
  const { rows, bytes } = (await readProgress(out))!
  const lines = (await readFile(out)).subarray(0, bytes).toString().split('\n').slice(0, -1)
  expect(lines.map((line) => (JSON.parse(line) as { row: number }).row)).toEqual([...Array(rows).keys()])
})
