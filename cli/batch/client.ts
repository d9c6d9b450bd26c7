import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'

export interface Reply {
  readonly status: number
  /** Of its problem; under the inference protocol a header has it. */
  readonly code: string | undefined
  readonly body: Readonly<Record<string, unknown>>
}

/** Calls of one gateway. */
export interface Client {
  get(path: string): Promise<Reply>
  /**
   * Sends it again while the gateway is away, too busy, late or has no arm that can answer; a request under an id may be.
   * Rejects when no request at all has been answered for five minutes, or when `signal` is aborted.
   */
  post(path: string, body: object): Promise<Reply>
  close(): Promise<void>
}

export interface ClientDeps {
  readonly origin: string
  readonly key: string | undefined
  readonly concurrency: number
  readonly signal: AbortSignal
  /** Told now and then while rows wait for long. */
  readonly note: (line: string) => void
}

const patienceMs = 300_000
const newsAfterMs = 10_000
const again = new Set([429, 502, 503, 504])
/** A row to which no arm has an answer that can be used: it would meet the same again. */
export const unusable = 'unusable_answer'

export function createClient({ origin, key, concurrency, signal: stopped, note }: ClientDeps): Client {
  const closing = new AbortController()
  const signal = AbortSignal.any([stopped, closing.signal])
  const pool = new Pool(origin, { connections: concurrency, headersTimeout: 120_000 })
  const headers = {
    'content-type': 'application/json',
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
  }
  let saidAt = -Infinity
  let answeredAt = performance.now()

  async function send(path: string, body?: string): Promise<Reply & { readonly waitMs: number }> {
    const answer = await pool.request({
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers,
      body: body ?? null,
      signal,
    })
    const text = await answer.body.text()
    const waitMs = 1000 * Number(answer.headers['retry-after'] ?? 1)
    const reply = JSON.parse(text) as Reply['body']
    const code: unknown = answer.headers['x-bandit-error-code'] ?? reply['code']
    return {
      status: answer.statusCode,
      code: typeof code === 'string' ? code : undefined,
      body: reply,
      waitMs,
    }
  }

  /** A short wait is how a busy gateway sets the pace, and no news. */
  function waits(since: number, why: string): void {
    const now = performance.now()
    if (now - since < newsAfterMs || now - saidAt < patienceMs / 10) return
    saidAt = now
    note(`${why}: rows wait until it is over`)
  }

  async function post(path: string, body: object): Promise<Reply> {
    const text = JSON.stringify(body)
    const askedAt = performance.now()
    const isHopeless = () => performance.now() - Math.max(askedAt, answeredAt) > patienceMs
    for (let wait = 100; ; wait = Math.min(2 * wait, 5000)) {
      let waitMs = wait
      try {
        const reply = await send(path, text)
        const isFinal = !again.has(reply.status) || reply.code === unusable
        if (isFinal) answeredAt = performance.now()
        if (isFinal || isHopeless()) return reply
        waits(askedAt, `the gateway answers ${reply.status} ${reply.code}`)
        waitMs = reply.waitMs
      } catch (error) {
        if (signal.aborted || isHopeless()) throw error
        waits(askedAt, `the gateway cannot be reached (${(error as Error).message})`)
      }
      await sleep(waitMs, undefined, { signal })
    }
  }

  /** Rows under way are given up: nobody waits for them any more. */
  function close(): Promise<void> {
    closing.abort()
    return pool.destroy()
  }

  return { get: (path) => send(path), post, close }
}
