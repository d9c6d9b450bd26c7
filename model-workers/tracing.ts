import type { IncomingMessage } from 'node:http'
import type { Reply } from './http.ts'
import type { Model } from './model.ts'

/** What watches a worker where tracing is on; where it is off there is none and nothing of OpenTelemetry is loaded. */
export interface WorkerTracing {
  /** The same model; every run of it is a span. */
  model(model: Model): Model
  /** Answers one request for an inference within the trace that its caller names. */
  request(request: IncomingMessage, answer: () => Promise<Reply>): Promise<Reply>
  /** For a log line: of the recorded span within which it is written. */
  readonly ids: () => object | undefined
  /** Sends what is left, for a bounded time. Never rejects. */
  stop(): Promise<void>
}
