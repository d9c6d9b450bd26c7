import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Direction, sliced, type Toxics } from './toxics.ts'

export interface PipeDeps {
  readonly from: Socket
  readonly to: Socket
  readonly direction: Direction
  /** What holds at the moment. */
  readonly toxics: () => Toxics
  /** True for each of the next answers that `dropReplies` or `duplicateReplies` counted, once. */
  readonly takeReply: (kind: 'dropReplies' | 'duplicateReplies') => boolean
  readonly reset: () => void
}

/** Carries the bytes of one direction of one connection, in order, as the toxics let them pass. */
export function pipe({ from, to, direction, toxics, takeReply, reset }: PipeDeps): void {
  let passed = 0
  let swallowed = false
  let queue = Promise.resolve()

  async function pass(piece: Buffer): Promise<void> {
    const { bandwidth, slicer, limitData } = toxics()
    const limit = direction === 'reply' ? (limitData ?? Infinity) : Infinity
    if (bandwidth !== undefined) await sleep((1000 * piece.length) / bandwidth)
    if (to.destroyed) return
    to.write(piece.subarray(0, limit - passed))
    passed += piece.length
    if (passed >= limit) to.end(reset)
    if (slicer !== undefined) await sleep(slicer.delayMs)
  }

  async function deliver(chunk: Buffer, arrivedAt: number): Promise<void> {
    const { latencyMs = 0, slicer, timeoutMs } = toxics()
    const early = arrivedAt + latencyMs - performance.now()
    if (early > 0) await sleep(early)
    if (timeoutMs !== undefined) {
      swallowed = true
      if (timeoutMs > 0) setTimeout(reset, timeoutMs).unref()
      return
    }
    // TCP leaves nothing out: a client that is given what comes after a hole may take one answer for another.
    if (swallowed) return reset()
    if (direction === 'reply' && takeReply('dropReplies')) return reset()
    const times = direction === 'reply' && takeReply('duplicateReplies') ? 2 : 1
    for (let time = 0; time < times; time += 1) {
      for (const piece of sliced(chunk, slicer)) await pass(piece)
    }
  }

  from.on('data', (chunk: Buffer) => {
    const arrivedAt = performance.now()
    queue = queue.then(() => deliver(chunk, arrivedAt))
  })
  from.on('end', () => {
    queue = queue.then(async () => {
      const { slowCloseMs = 0, timeoutMs } = toxics()
      if (slowCloseMs > 0) await sleep(slowCloseMs)
      if (timeoutMs === undefined) to.end()
    })
  })
}
