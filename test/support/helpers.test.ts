import { access } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { freePort } from './free-port.ts'
import { tempDir } from './temp-dir.ts'
import { waitUntil } from './wait-until.ts'

describe('freePort', () => {
  test('gives a port that can be listened on', async () => {
    const server = createServer().listen(await freePort(), '127.0.0.1')
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
  })
})

describe('tempDir', () => {
  let earlier = ''
  test('is there during the test', async () => {
    earlier = await tempDir()
    await access(earlier)
  })
  test('and gone after it', async () => {
    await expect(access(earlier)).rejects.toThrow('ENOENT')
  })
})

describe('waitUntil', () => {
  test('gives the first answer that is one, 0 and empty text included', async () => {
    const answers = [undefined, false, 0, 1] as const
    let asked = 0
    expect(await waitUntil(() => answers[asked++], { what: 'there is an answer' })).toBe(0)
    expect(await waitUntil(() => '', { what: 'there is text' })).toBe('')
  })

  test('gives up with the sentence it was given and the last error', async () => {
    const refused = new Error('refused')
    const wait = waitUntil(() => Promise.reject(refused), { what: 'the server answers', timeoutMs: 20 })
    await expect(wait).rejects.toThrow(
      expect.objectContaining({
        message: 'gave up waiting until the server answers after 20 ms',
        cause: refused,
      }),
    )
  })
})
