import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { pipe } from './pipe.ts'
import type { Toxics } from './toxics.ts'

/** A TCP proxy on loopback that hurts what passes through it, as toxiproxy does. */
export interface FaultProxy {
  readonly port: number
  /** Replaces what it does, on connections that are there too; nothing given heals it. */
  set(toxics?: Toxics): void
  /** Connections that are open now. */
  connections(): number
  /** How many of the answers that were to be lost or doubled are still to come. */
  repliesLeft(): number
  /** Resets every connection that is there. */
  cut(): void
  close(): Promise<void>
}

export interface FaultProxyDeps {
  /** The server behind it, on loopback. */
  readonly upstreamPort: number
  /** Any free one unless given. */
  readonly port?: number
}

export async function createFaultProxy({ upstreamPort, port = 0 }: FaultProxyDeps): Promise<FaultProxy> {
  let toxics: Toxics = {}
  const replies = { dropReplies: 0, duplicateReplies: 0 }
  /** Resets each connection. */
  const resets = new Set<() => void>()
  const timers = new Set<NodeJS.Timeout>()

  function resetLater(reset: () => void): void {
    if (toxics.resetPeerMs === undefined) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      reset()
    }, toxics.resetPeerMs)
    timers.add(timer)
  }

  function takeReply(kind: keyof typeof replies): boolean {
    if (replies[kind] === 0) return false
    replies[kind] -= 1
    return true
  }

  function accept(client: Socket): void {
    if (toxics.down === true) return void client.destroy()
    const server = connect({ port: upstreamPort, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    const pair = [client, server] as const
    const reset = () => {
      for (const socket of pair) socket.resetAndDestroy()
    }
    resets.add(reset)
    for (const socket of pair) {
      // What went wrong on one side is the other side's end.
      socket.on('error', reset)
      socket.on('close', () => {
        if (pair.every(({ destroyed }) => destroyed)) resets.delete(reset)
      })
    }
    const shared = { toxics: () => toxics, takeReply, reset }
    pipe({ ...shared, from: client, to: server, direction: 'request' })
    pipe({ ...shared, from: server, to: client, direction: 'reply' })
    resetLater(reset)
  }

  const listener = createServer({ noDelay: true, allowHalfOpen: true }, accept)
  listener.listen(port, '127.0.0.1')
  await once(listener, 'listening')

  function cut(): void {
    for (const reset of resets) reset()
  }

  return {
    port: (listener.address() as AddressInfo).port,
    set(next = {}) {
      toxics = next
      replies.dropReplies = next.dropReplies ?? 0
      replies.duplicateReplies = next.duplicateReplies ?? 0
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      if (next.down === true) cut()
      for (const reset of resets) resetLater(reset)
    },
    connections: () => resets.size,
    repliesLeft: () => replies.dropReplies + replies.duplicateReplies,
    cut,
    async close() {
      for (const timer of timers) clearTimeout(timer)
      cut()
      if (!listener.listening) return
      listener.close()
      await once(listener, 'close')
    },
  }
}
