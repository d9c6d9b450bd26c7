import { Pool } from 'undici'
import { z } from 'zod'
import { endpointViewSchema, type EndpointView } from './endpoint-view.ts'

/**
 * What became of one call.
 *
 * again: nobody answered, or the gateway asked to be called later (after `afterMs`, when it said so).
 * refused: asking the same once more would get the same answer.
 */
export type Reply<T> =
  | { readonly status: 'answered'; readonly value: T }
  | { readonly status: 'again'; readonly reason: string; readonly afterMs?: number }
  | { readonly status: 'refused'; readonly reason: string }

export interface Prediction {
  readonly predictionId: string
  readonly arm: string
  readonly label: number
  /** False when the gateway answered while its store was away: feedback about it cannot be matched. */
  readonly recorded: boolean
}

/** The true label of one prediction, as POST /feedback takes it. */
export interface LabelEvent {
  readonly prediction_id: string
  readonly label: number
  readonly event_id: string
}

export interface BatchOutcome {
  /** Number of lines for each status. */
  readonly counts: ReadonlyMap<string, number>
  /** Lines that were not taken, by their place in the batch, 0 being the first. */
  readonly refused: ReadonlyMap<number, string>
}

export interface GatewayClient {
  predict(pixels: readonly number[]): Promise<Reply<Prediction>>
  feedback(event: LabelEvent): Promise<Reply<string>>
  feedbackBatch(events: readonly LabelEvent[]): Promise<Reply<BatchOutcome>>
  view(): Promise<Reply<EndpointView>>
  ready(): Promise<boolean>
  close(): Promise<void>
}

const predictionSchema = z.object({
  prediction_id: z.string(),
  arm: z.string(),
  outputs: z.object({ label: z.tuple([z.number()]) }),
  decision: z.object({ recorded: z.boolean().default(true) }),
})
const statusSchema = z.object({ status: z.string() })
const batchSchema = z.object({
  counts: z.record(z.string(), z.number()),
  refused: z.array(z.object({ line: z.int().min(1), code: z.string() })),
})
const problemSchema = z.object({ code: z.string() })

/** The calls that the demo makes, over HTTP as any client would. Never rejects: a broken connection is an answer. */
export const createGatewayClient = (origin: string, endpoint: string): GatewayClient => {
  // Apart from each other, so that a label never waits behind predictions.
  const predictions = new Pool(origin, { connections: 32, headersTimeout: 5_000, bodyTimeout: 5_000 })
  const others = new Pool(origin, { connections: 16, headersTimeout: 5_000, bodyTimeout: 5_000 })

  const call = async <T>(
    pool: Pool,
    { method, path, type, body }: { method: 'GET' | 'POST'; path: string; type?: string; body?: string },
    read: (answer: unknown) => T,
  ): Promise<Reply<T>> => {
    try {
      const response = await pool.request({
        method,
        path,
        ...(body !== undefined && { body, headers: { 'content-type': type ?? 'application/json' } }),
      })
      const text = await response.body.text()
      if (response.statusCode < 300) return { status: 'answered', value: read(JSON.parse(text)) }
      return toReply(response.statusCode, text, Number(response.headers['retry-after']))
    } catch (error) {
      if (error instanceof z.ZodError || error instanceof SyntaxError) {
        return { status: 'refused', reason: 'unreadable answer' }
      }
      return { status: 'again', reason: codeOf(error) }
    }
  }

  return {
    predict: (pixels) => {
      const body = JSON.stringify({ inputs: { pixels: [pixels] } })
      return call(predictions, { method: 'POST', path: `/predict/${endpoint}`, body }, (answer) => {
        const { prediction_id, arm, outputs, decision } = predictionSchema.parse(answer)
        return { predictionId: prediction_id, arm, label: outputs.label[0], recorded: decision.recorded }
      })
    },

    feedback: (event) =>
      call(
        others,
        { method: 'POST', path: '/feedback', body: JSON.stringify(event) },
        (answer) => statusSchema.parse(answer).status,
      ),

    feedbackBatch: (events) => {
      const body = events.map((event) => `${JSON.stringify(event)}\n`).join('')
      const type = 'application/x-ndjson'
      return call(others, { method: 'POST', path: '/feedback', type, body }, (answer) => {
        const { counts, refused } = batchSchema.parse(answer)
        return {
          counts: new Map(Object.entries(counts)),
          refused: new Map(refused.map(({ line, code }) => [line - 1, code])),
        }
      })
    },

    view: () =>
      call(others, { method: 'GET', path: `/endpoints/${endpoint}` }, (answer) =>
        endpointViewSchema.parse(answer),
      ),

    ready: async () =>
      (await call(others, { method: 'GET', path: '/readyz' }, () => true)).status === 'answered',

    close: async () => {
      await Promise.all([predictions.destroy(), others.destroy()])
    },
  }
}

const toReply = (status: number, text: string, retryAfterSeconds: number): Reply<never> => {
  const reason = problemCode(text) ?? `HTTP ${status}`
  if (status !== 503 && status !== 429) return { status: 'refused', reason }
  return { status: 'again', reason, ...(retryAfterSeconds >= 0 && { afterMs: retryAfterSeconds * 1_000 }) }
}

const problemCode = (text: string): string | undefined => {
  try {
    return problemSchema.safeParse(JSON.parse(text)).data?.code
  } catch {
    return undefined
  }
}

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
