import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What became of the requests of a flood. */
export interface FloodReport {
  /** Answered with 200, a second. */
  readonly perSecond: number
  /** The same for each unit of what it cost. */
  readonly perCost: number
  /** Answers by status; 0 = the connection broke. */
  readonly statuses: ReadonlyMap<number, number>
  /** Milliseconds from sending, of those that were answered with 200. */
  readonly goodMs: readonly number[]
  /** The same of the others. */
  readonly refusedMs: readonly number[]
  /** Not sent, as no connection was free when they were due. */
  readonly unsent: number
}

export interface FloodOptions {
  readonly path: string
  readonly bodies: readonly object[]
  readonly perSecond: number
  readonly connections: number
  readonly forMs: number
  /** What the gateway has cost so far: it is asked when all are connected, and when nothing more is sent. */
  readonly cost: () => Promise<number>
}

const tickMs = 5
const drainMs = 3000

/**
 * Requests at a steady rate, whatever becomes of those before. By bare sockets and with bytes that are ready, since what
 * makes a flood on the same machine must not be what slows its answers.
 */
export async function flood(origin: string, options: FloodOptions): Promise<FloodReport> {
  const { perSecond, connections, forMs, cost } = options
  const { hostname, port } = new URL(origin)
  const requests = options.bodies.map((body) => toRequest(options.path, JSON.stringify(body)))
  const statuses = new Map<number, number>()
  const goodMs: number[] = []
  const refusedMs: number[] = []
  const idle = new Set<Socket>()
  const all = new Set<Socket>()
  const underWay = new Map<Socket, number>()
  let sent = 0
  let unsent = 0

  function open(): Socket {
    const socket = connect(Number(port), hostname).setNoDelay(true)
    let missing = -1
    all.add(socket)
    socket.on('data', (chunk: Buffer) => {
      if (missing < 0) missing = lengthOf(chunk)
      missing -= chunk.length
      // The status is on the first bytes, the length of the head and body known with them.
      if (!statusesOf.has(socket)) statusesOf.set(socket, Number(chunk.toString('latin1', 9, 12)))
      if (missing > 0) return
      missing = -1
      ended(socket, statusesOf.get(socket)!)
      idle.add(socket)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      all.delete(socket)
      idle.delete(socket)
      if (underWay.has(socket)) ended(socket, 0)
    })
    return socket
  }
  const statusesOf = new Map<Socket, number>()

  function ended(socket: Socket, status: number): void {
    const ms = performance.now() - underWay.get(socket)!
    underWay.delete(socket)
    statusesOf.delete(socket)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    ;(status === 200 ? goodMs : refusedMs).push(ms)
  }

  while (all.size < connections) {
    const some = Array.from({ length: Math.min(100, connections - all.size) }, open)
    await Promise.all(some.map((socket) => once(socket, 'connect')))
    for (const socket of some) idle.add(socket)
  }
  const costBefore = await cost()
  const startedAt = performance.now()
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * perSecond
    for (; sent + unsent < due;) {
      // The one that has rested longest, or some would never be used and be closed for it.
      const socket = idle.values().next().value
      if (socket === undefined) {
        unsent++
        continue
      }
      idle.delete(socket)
      underWay.set(socket, performance.now())
      socket.write(requests[sent++ % requests.length]!)
    }
  }, tickMs)
  await new Promise((resolve) => setTimeout(resolve, forMs))
  clearInterval(timer)
  const seconds = (performance.now() - startedAt) / 1000
  const good = goodMs.length
  const perCost = good / ((await cost()) - costBefore)
  const until = performance.now() + drainMs
  while (underWay.size > 0 && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20))
  for (const socket of all) socket.destroy()
  return { perSecond: good / seconds, perCost, statuses, goodMs, refusedMs, unsent }
}

function toRequest(path: string, body: string): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** Bytes of the answer that begins here. */
function lengthOf(chunk: Buffer): number {
  const head = chunk.indexOf('\r\n\r\n')
  const length = /content-length: (\d+)/i.exec(chunk.toString('latin1', 0, head))
  return head + 4 + Number(length?.[1] ?? 0)
}

export function atShare(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}
