import { open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { createLineWriter, type LineWriterDeps } from '../../../gateway/decision-log/line-writer.ts'
import { createLogFiles, type LogFilesDeps, type LogHandle } from '../../../gateway/decision-log/log-files.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

interface Told {
  written: number
  dropped: number
  failing: number
  recovered: number
}

type Changes = Partial<LineWriterDeps> & Partial<LogFilesDeps>

async function start(changes: Changes = {}) {
  const dir = await tempDir()
  const told: Told = { written: 0, dropped: 0, failing: 0, recovered: 0 }
  const files = createLogFiles({
    dir,
    stem: 'decisions-20260101T000000Z-3f2a91bc',
    keep: 100,
    compress: 'none',
    tidyFailed: (error) => {
      throw error
    },
    ...changes,
  })
  const writer = createLineWriter({
    files,
    rotateAt: 1e9,
    maxBuffered: 1e6,
    flushMs: 1,
    retryMs: 1,
    events: {
      written: (lines) => void (told.written += lines),
      dropped: (lines) => void (told.dropped += lines),
      failing: () => void (told.failing += 1),
      recovered: () => void (told.recovered += 1),
    },
    ...changes,
  })
  onTestFinished(() => writer.close())
  return { dir, told, writer }
}

async function readAll(dir: string): Promise<string[]> {
  const names = (await readdir(dir)).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(dir, name))
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
    }),
  )
}

test('others on the machine may not read it, compressed or not', async () => {
  const { dir, writer } = await start({ compress: 'gzip', rotateAt: 10 })
  for (const line of lines(4)) writer.write(line)
  await writer.close()
  const names = await readdir(dir)
  expect(names.some((name) => name.endsWith('.gz'))).toBe(true)
  for (const name of names) expect((await stat(join(dir, name))).mode & 0o007).toBe(0)
})

const lines = (count: number) => Array.from({ length: count }, (_, n) => `{"n":${n}}\n`)

/** A disk that takes half of every append and then says that it is full, until it is told to work. */
function fullDisk({ canTruncate = true } = {}) {
  const disk = { isFull: true, openFile }
  async function openFile(path: string): Promise<LogHandle> {
    const handle = await open(path, 'a')
    const noSpace = () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    return {
      stat: handle.stat.bind(handle),
      close: handle.close.bind(handle),
      async truncate(length) {
        if (!canTruncate) throw noSpace()
        await handle.truncate(length)
      },
      async appendFile(data) {
        const bytes = data as Buffer
        if (!disk.isFull) return handle.appendFile(bytes)
        await handle.appendFile(bytes.subarray(0, bytes.length / 2))
        throw noSpace()
      },
    }
  }
  return disk
}

test('keeps the order of lines over files of the size that was asked for', async () => {
  const { dir, told, writer } = await start({ rotateAt: 40 })
  for (const line of lines(20)) expect(writer.write(line)).toBe(true)
  await writer.close()
  const texts = await readAll(dir)
  expect(texts.join('')).toBe(lines(20).join(''))
  expect(texts.length).toBe(4)
  expect(told).toEqual({ written: 20, dropped: 0, failing: 0, recovered: 0 })
})

test('says which file the next line goes to before it is written', async () => {
  const { dir, writer } = await start({ rotateAt: 16 })
  const numbers = lines(6).map((line) => {
    const { file } = writer
    writer.write(line)
    return file
  })
  await writer.close()
  expect(numbers).toEqual([1, 1, 2, 2, 3, 3])
  expect((await readAll(dir)).map((text) => text.split('\n').length - 1)).toEqual([2, 2, 2])
})

test('compresses what is finished and keeps the newest files only', async () => {
  const { dir, writer } = await start({ rotateAt: 8, compress: 'gzip', keep: 3 })
  for (const line of lines(9)) {
    writer.write(line)
    // One at a time, so that the times of the files are in order.
    await waitUntil(async () => (await readdir(dir)).length > 0, { what: 'there is a file' })
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await writer.close()
  const names = await readdir(dir)
  expect(names.filter((name) => name.endsWith('.ndjson.gz')).length).toBe(3)
  expect((await readAll(dir)).join('')).toBe(lines(9).slice(-3).join(''))
})

test('lets go of what is old before it was compressed', async () => {
  const { dir, writer } = await start({ rotateAt: 8, compress: 'gzip', keep: 2 })
  for (const line of lines(40)) writer.write(line)
  await writer.close()
  const names = await readdir(dir)
  expect(names.length).toBe(2)
  expect(names.filter((name) => !name.endsWith('.ndjson.gz'))).toEqual([])
})

test('leaves files alone that are not of the log', async () => {
  const { dir, writer } = await start({ rotateAt: 8, keep: 1 })
  await writeFile(join(dir, 'notes.ndjson'), 'mine')
  for (const line of lines(5)) writer.write(line)
  await writer.close()
  expect((await readdir(dir)).toSorted()).toContain('notes.ndjson')
  expect((await readdir(dir)).length).toBe(2)
})

test.each([true, false])(
  'a disk that is full for a while loses nothing that memory can hold (half a line can be taken back: %s)',
  async (canTruncate) => {
    const disk = fullDisk({ canTruncate })
    const { dir, told, writer } = await start({ openFile: disk.openFile })
    for (const line of lines(10)) writer.write(line)
    await waitUntil(() => told.failing === 1, { what: 'the disk was seen to be full' })
    writer.write('{"last":true}\n')
    disk.isFull = false
    await waitUntil(() => told.recovered === 1, { what: 'it was written again' })
    await writer.close()
    expect(told).toEqual({ written: 11, dropped: 0, failing: 1, recovered: 1 })
    const [text] = await readAll(dir)
    const expected = [...lines(10), '{"last":true}\n'].join('')
    if (canTruncate) expect(text).toBe(expected)
    else expect(text!.endsWith(`\n${expected}`)).toBe(true)
  },
)

test('counts what does not fit in memory, and neither waits nor throws', async () => {
  const { told, writer } = await start({ openFile: fullDisk().openFile, maxBuffered: 80 })
  const taken = lines(1000).filter((line) => writer.write(line))
  expect(taken.length).toBe(10)
  await writer.close()
  expect(told.dropped).toBe(1000)
  expect(told.written).toBe(0)
})

test('a device without any room is told of once, and closing does not hang', async () => {
  const { told, writer } = await start({ openFile: () => open('/dev/full', 'a') })
  for (const line of lines(3)) writer.write(line)
  await waitUntil(() => told.failing > 0, { what: 'it failed' })
  await writer.close()
  expect(told).toEqual({ written: 0, dropped: 3, failing: 1, recovered: 0 })
})

test('goes on in a new file when somebody takes the file away', async () => {
  const { dir, told, writer } = await start()
  writer.write('{"n":1}\n')
  await waitUntil(() => told.written === 1, { what: 'the first line is written' })
  for (const name of await readdir(dir)) await rm(join(dir, name))
  writer.write('{"n":2}\n')
  await writer.close()
  expect(await readAll(dir)).toEqual(['{"n":2}\n'])
})

test('takes nothing more once it is closed', async () => {
  const { told, writer } = await start()
  await writer.close()
  expect(writer.write('{"n":1}\n')).toBe(false)
  expect(told.dropped).toBe(1)
})
