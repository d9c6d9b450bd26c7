import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openConnection } from './connection.ts'
import { readAnswer } from './read-answer.ts'

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n'

test.each([
  ['with a length', `${head}content-length: 2\r\n\r\nok`],
  ['in chunks', `${head}transfer-encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n`],
])('an answer %s is read once it is whole, and no byte more', (_, text) => {
  for (let length = 0; length < text.length; length++)
    expect(readAnswer(Buffer.from(text.slice(0, length)), 'GET', false)).toBeUndefined()
  const found = readAnswer(Buffer.from(`${text}HTTP/1.1`), 'GET', false)
  expect(found).toMatchObject({ length: text.length, isLast: false, answer: { status: 200, text: 'ok' } })
})

test('an answer without a length lasts until the connection ends', () => {
  const bytes = Buffer.from(`${head}connection: close\r\n\r\nok`)
  expect(readAnswer(bytes, 'GET', false)).toBeUndefined()
  expect(readAnswer(bytes, 'GET', true)).toMatchObject({ isLast: true, answer: { text: 'ok' } })
})

test.each([
  ['half a head', 'HTTP/1.1 200 OK\r\n'],
  ['half a body', `${head}content-length: 9\r\n\r\nok`],
  ['half a chunk', `${head}transfer-encoding: chunked\r\n\r\n9\r\nok`],
  ['what is no HTTP', 'ok\r\n\r\n'],
])('%s is none', (_, text) => {
  expect(() => readAnswer(Buffer.from(text), 'GET', true)).toThrow(/answer/)
})

test('what comes behind an answer is seen', async () => {
  const server = createServer((socket) => socket.end(`${head}content-length: 2\r\n\r\nokHTTP/1.1 200`))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const connection = await openConnection((server.address() as { port: number }).port)
  expect(await connection.answer('GET')).toMatchObject({ status: 200, text: 'ok' })
  expect(connection.surplus()).toBe('HTTP/1.1 200')
})
