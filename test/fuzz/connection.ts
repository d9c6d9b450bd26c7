import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { FuzzAnswer } from './judge.ts'
import { readAnswer } from './read-answer.ts'

/** One connection on which requests take turns. */
export interface Connection {
  /** False from the moment on which either side has ended it. */
  isOpen(): boolean
  write(bytes: Uint8Array): void
  /** The next answer; undefined where the server closed the connection without one. */
  answer(method: string): Promise<FuzzAnswer | undefined>
  /** What came that nobody asked for. */
  surplus(): string
  leave(): void
}

const withinMs = 15_000

export async function openConnection(port: number): Promise<Connection> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let bytes = Buffer.alloc(0)
  let hasEnded = false
  let isLast = false
  let told = Promise.withResolvers<void>()
  const tell = (): void => {
    told.resolve()
    told = Promise.withResolvers()
  }
  await once(socket, 'connect')
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    tell()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    hasEnded = true
    tell()
  })

  return {
    isOpen: () => !hasEnded && !isLast,
    write: (some) => void socket.write(some),
    async answer(method) {
      const late = AbortSignal.timeout(withinMs)
      for (;;) {
        const found = readAnswer(bytes, method, hasEnded)
        if (found !== undefined) {
          bytes = bytes.subarray(found.length)
          if (found.answer.status < 200) continue
          isLast ||= found.isLast
          return found.answer
        }
        if (hasEnded) return undefined
        await Promise.race([told.promise, once(late, 'abort')])
        if (late.aborted) throw new Error(`no answer within ${withinMs / 1000} s`)
      }
    },
    surplus: () => bytes.toString('latin1', 0, 200),
    leave() {
      isLast = true
      socket.destroy()
    },
  }
}
