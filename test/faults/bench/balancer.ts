import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import type { Bench } from './bench.ts'

/** Deals connections to gateways in turn, and only to those that say they are ready. */
export interface Balancer {
  readonly origin: string
  /** From its being ready on, connections go there, until it is not any more. */
  add(origin: string): void
  remove(origin: string): void
}

const lookEveryMs = 100

export async function startBalancer(bench: Bench): Promise<Balancer> {
  const backends = new Map<string, { ready: boolean }>()
  const sockets = new Set<Socket>()
  let turn = 0

  async function look(): Promise<void> {
    await Promise.all(
      [...backends].map(async ([origin, backend]) => {
        const response = await fetch(`${origin}/readyz`).catch(() => undefined)
        await response?.arrayBuffer()
        backend.ready = response?.status === 200
      }),
    )
  }

  const server = createServer((client) => {
    const ready = [...backends].filter(([, backend]) => backend.ready)
    const chosen = ready[turn++ % ready.length]?.[0]
    if (chosen === undefined) return void client.destroy()
    const { hostname, port } = new URL(chosen)
    const gateway = connect(Number(port), hostname)
    for (const socket of [client, gateway]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => sockets.delete(socket))
    }
    client.pipe(gateway).pipe(client)
    client.once('close', () => gateway.destroy())
    gateway.once('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const timer = setInterval(() => void look(), lookEveryMs)
  bench.atEnd(() => {
    clearInterval(timer)
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (origin) => void backends.set(origin, { ready: false }),
    remove: (origin) => void backends.delete(origin),
  }
}
