/** What a proxy does to the bytes that pass through it. All of it at once; nothing of it when empty. */
export interface Toxics {
  /** Every connection is cut and every new one refused by an end without a byte. */
  readonly down?: boolean
  /** Each piece arrives that much later, in order. */
  readonly latencyMs?: number
  /** Bytes a second in each direction of each connection. */
  readonly bandwidth?: number
  /** The end of one side reaches the other that much later. */
  readonly slowCloseMs?: number
  /**
   * Nothing arrives any more; the connection ends after that time, or never when it is 0. Healed earlier, it is reset by
   * the next piece, since what was swallowed is missing.
   */
  readonly timeoutMs?: number
  /** The connection is reset that long after it was made, or after this was set. */
  readonly resetPeerMs?: number
  /** Pieces of at most `size` bytes, with `delayMs` between them. */
  readonly slicer?: { readonly size: number; readonly delayMs: number }
  /** The connection ends once the server's answers on it have that many bytes. */
  readonly limitData?: number
  /** The server's next answers that are lost, each with its connection, and that come twice. */
  readonly dropReplies?: number
  readonly duplicateReplies?: number
}

export type Direction = 'request' | 'reply'

/** Pieces of a chunk as the slicer makes them; the chunk itself without one. */
export function* sliced(chunk: Buffer, slicer: Toxics['slicer']): Generator<Buffer> {
  const size = slicer?.size ?? chunk.length
  for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size)
}
