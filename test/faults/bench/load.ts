import { createCaller } from './caller.ts'

/** What became of one request. Times are performance.now(). */
export interface Answer {
  readonly sentAt: number
  readonly ms: number
  /** HTTP status, or the code of the connection's error where there was no answer. */
  readonly status: number | string
  readonly arm: string | undefined
  readonly retryAfter: string | undefined
  readonly body: unknown
}

export interface LoadOptions {
  readonly path: string
  /** One for each request, from 0. */
  readonly body: (index: number) => unknown
  readonly perSecond: number
  readonly connections?: number
  /** False where there will be more answers than memory; default true. */
  readonly keep?: boolean
  /** Waited for before the load is over. */
  readonly onAnswer?: (answer: Answer, index: number) => Promise<void>
}

export interface Load {
  /** In the order in which they came. */
  readonly answers: readonly Answer[]
  /** Sends nothing more and resolves when all that was sent has ended. */
  stop(): Promise<void>
}

const tickMs = 10

/** Sends at a steady rate, whether or not what was sent before has been answered. */
export function startLoad(origin: string, options: LoadOptions): Load {
  const { path, body, perSecond, connections = 32, keep = true, onAnswer } = options
  const caller = createCaller(origin, connections)
  const answers: Answer[] = []
  const running = new Set<Promise<void>>()
  const startedAt = performance.now()
  let sent = 0
  let stopped: Promise<void> | undefined

  async function send(index: number): Promise<void> {
    const sentAt = performance.now()
    const found = await caller.post(path, body(index)).then(
      (reply) => ({
        status: reply.status,
        arm: (reply.body as { readonly arm?: string } | null)?.arm,
        retryAfter: reply.headers['retry-after'] as string | undefined,
        body: reply.body,
      }),
      (error: Error) => ({
        status: 'code' in error ? String(error.code) : error.message,
        arm: undefined,
        retryAfter: undefined,
        body: undefined,
      }),
    )
    const answer = { sentAt, ms: performance.now() - sentAt, ...found }
    if (keep) answers.push(answer)
    await onAnswer?.(answer, index)
  }

  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * perSecond
    while (sent < due) {
      const one = send(sent++).finally(() => running.delete(one))
      running.add(one)
    }
  }, tickMs)

  async function stop(): Promise<void> {
    clearInterval(timer)
    while (running.size > 0) await Promise.all(running)
    await caller.close()
  }
  return { answers, stop: () => (stopped ??= stop()) }
}

export function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => unknown): string {
  const groups = [...Map.groupBy(items, (item) => String(keyOf(item)))].sort(([a], [b]) => a.localeCompare(b))
  return groups.map(([key, all]) => `${all.length} × ${key}`).join(', ') || 'none'
}

/** Milliseconds that `share` of the answers did not exceed. */
export function quantileMs(answers: readonly Answer[], share: number): number {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

export function medianAndMost(values: readonly number[]): readonly [median: number, most: number] {
  const sorted = [...values].sort((a, b) => a - b)
  return [sorted[sorted.length >> 1] ?? NaN, sorted.at(-1) ?? NaN]
}
