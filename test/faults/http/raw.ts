import { connect, type Socket } from 'node:net'
import type { Bench } from '../bench/bench.ts'

/** A connection spoken to byte by byte. */
export interface Raw {
  readonly socket: Socket
  write(text: string | Uint8Array): void
  /** All that has come so far. */
  received(): string
  /** Milliseconds from the connection's beginning to its end; rejects when it has not ended by then. */
  ended(withinMs: number): Promise<number>
}

export function openRaw(bench: Bench, origin: string): Raw {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  const startedAt = performance.now()
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  // A connection that is reset has ended as well as one that is closed.
  socket.on('error', () => undefined)
  const closed = new Promise<number>((resolve) =>
    socket.once('close', () => resolve(performance.now() - startedAt)),
  )
  bench.atEnd(() => socket.destroy())
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    received: () => text,
    async ended(withinMs) {
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(
        () => late.reject(new Error(`the connection is still open after ${withinMs} ms`)),
        withinMs,
      )
      return Promise.race([closed, late.promise]).finally(() => clearTimeout(timer))
    },
  }
}

/** Sends `text` on a connection of its own and answers what came until it was closed, or for `withinMs`. */
export async function exchangeRaw(
  bench: Bench,
  origin: string,
  text: string | Uint8Array,
  withinMs = 2000,
): Promise<{ readonly statuses: readonly number[]; readonly closed: boolean }> {
  const raw = openRaw(bench, origin)
  raw.write(text)
  const closed = await raw.ended(withinMs).then(
    () => true,
    () => false,
  )
  raw.socket.destroy()
  const statuses = [...raw.received().matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
  return { statuses, closed }
}
