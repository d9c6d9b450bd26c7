import { once } from 'node:events'
import { readdir, rename, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkSocketPath, listen } from '../../model-workers/listen.ts'
import { tempDir } from '../support/temp-dir.ts'

const server = (): Server => {
  const made = createServer()
  onTestFinished(() => void made.close())
  return made
}

test('port 0 becomes the port that was found', async () => {
  const address = await listen(server(), { host: '127.0.0.1', port: 0 })
  expect(address).toEqual({ host: '127.0.0.1', port: expect.any(Number) })
  expect(address).not.toMatchObject({ port: 0 })
  await expect(listen(server(), address)).rejects.toMatchObject({
    code: 'cannot_listen',
    message: expect.stringMatching(/127\.0\.0\.1:\d+ is in use: stop what listens there/),
  })
})

test('a socket that answers is not taken away', async () => {
  const socket = join(await tempDir(), 's.sock')
  await listen(server(), { socket })
  await expect(listen(server(), { socket })).rejects.toMatchObject({
    message: expect.stringContaining('is in use'),
  })
})

test('a socket that nobody answers is replaced', async () => {
  const folder = await tempDir()
  const socket = join(folder, 's.sock')
  const first = server()
  await listen(first, { socket: `${socket}.first` })
  // Closing removes the file that was bound, under the name that it was bound by; a renamed one stays.
  await rename(`${socket}.first`, socket)
  first.close()
  await once(first, 'close')
  expect(await readdir(folder)).toEqual(['s.sock'])
  await expect(listen(server(), { socket })).resolves.toEqual({ socket })
})

test('a file that is no socket is left alone', async () => {
  const socket = join(await tempDir(), 's.sock')
  await writeFile(socket, '')
  await expect(listen(server(), { socket })).rejects.toMatchObject({
    message: expect.stringContaining('is in use'),
  })
})

test('a folder that is not there is named', async () => {
  await expect(listen(server(), { socket: '/no/such/folder/s.sock' })).rejects.toMatchObject({
    message: expect.stringContaining('/no/such/folder/s.sock may not be listened on'),
  })
})

test('a path that the kernel would cut is refused', async () => {
  const longest = process.platform === 'darwin' ? 103 : 107
  expect(() => checkSocketPath('x'.repeat(longest))).not.toThrow()
  expect(() => checkSocketPath('x'.repeat(longest + 1))).toThrow(/use a shorter folder/)
  expect(() => checkSocketPath('é'.repeat(54))).toThrow(/108 bytes/)
  await expect(listen(server(), { socket: `/tmp/${'x'.repeat(110)}` })).rejects.toMatchObject({
    code: 'cannot_listen',
  })
})
