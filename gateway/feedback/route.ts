import pLimit from 'p-limit'
import type { Logger } from 'pino'
import type { Limits } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { bodyFormat } from '../http/content-type.ts'
import { missing } from '../http/fields.ts'
import { jsonResponse } from '../http/json-response.ts'
import { parseJson } from '../http/parse-json.ts'
import { readBody, tooLarge } from '../http/read-body.ts'
import { remoteAddress } from '../http/remote-address.ts'
import type { AppContext } from '../http/request-info.ts'
import { splitLines, toReport } from './batch.ts'
import { createAccept, type FeedbackDeps, type Sender, type Verdict } from './feedback.ts'
import { parseFeedback } from './parse.ts'

export interface FeedbackRouteDeps extends FeedbackDeps {
  readonly limits: Limits
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** One feedback has fewer than ten fields. */
const maxKeys = 10

/**
 * Lines under way at once, over all batches: enough for one flush of the journal's disk to be shared by many, and so few
 * that most of what they hold is gone when memory is tidied up, which copies what is not.
 */
const linesAtOnce = 256

/** POST /feedback: one object, a list of them, or NDJSON */
export function createFeedbackRoute(deps: FeedbackRouteDeps): (c: AppContext) => Promise<Response> {
  const { limits, clock, logger } = deps
  const accept = createAccept(deps)
  const inTurn = pLimit(linesAtOnce)

  return async (c) => {
    const format = bodyFormat(c, ['json', 'ndjson'])
    const body = await readBody(c, limits.feedbackBatchBody)
    if (format === 'ndjson') {
      return many(
        c,
        splitLines(body).map(({ line, bytes }) => ({
          line,
          read: () => parseJson(bytes, { maxKeys }).value,
        })),
      )
    }
    const { value } = parseJson(body, { maxKeys: maxKeys * limits.feedbackBatchLines })
    if (Array.isArray(value)) {
      return many(
        c,
        value.map((item: unknown, index) => ({ line: index + 1, read: () => item })),
      )
    }
    if (body.byteLength > limits.feedbackBody) throw tooLarge(limits.feedbackBody)
    return one(c, value)
  }

  async function one(c: AppContext, value: unknown): Promise<Response> {
    const { status: verdict, outcome, error } = await accept(() => parseFeedback(value, clock()), senderOf(c))
    if (error !== undefined) throw error
    if (verdict === 'parked' || verdict === 'journalled') return jsonResponse(c, { status: verdict }, 202)
    const { status, endpoint, arm, reward } = outcome!
    return jsonResponse(c, { status, endpoint, arm, reward })
  }

  async function many(c: AppContext, lines: readonly BatchLine[]): Promise<Response> {
    if (lines.length === 0) throw missing('feedback', 'at least one line')
    if (lines.length > limits.feedbackBatchLines) {
      const detail = `${lines.length} lines, at most ${limits.feedbackBatchLines} are taken at once: send fewer`
      throw new GatewayError('too_many_lines', detail)
    }
    const sender = senderOf(c)
    const { caller } = sender
    if (caller !== undefined) deps.access?.limits.owe(caller, 'feedback', lines.length - 1)
    const verdicts = await Promise.all(
      lines.map(async ({ line, read }) => ({
        line,
        verdict: await inTurn(() => accept(() => parseFeedback(read(), clock()), sender)),
      })),
    )
    logFirstFault(c, verdicts)
    return jsonResponse(c, toReport(verdicts))
  }

  /** A fault of ours in one line is likely that of every line: one entry in the log tells it. */
  function logFirstFault(c: AppContext, verdicts: readonly { readonly verdict: Verdict }[]): void {
    const fault = verdicts.find(({ verdict }) => verdict.status === 'internal')?.verdict.error
    if (fault !== undefined) {
      logger.error({ err: fault.cause, request_id: c.get('request').id }, 'feedback line failed')
    }
  }
}

function senderOf(c: AppContext): Sender {
  return { caller: c.get('caller'), address: () => remoteAddress(c) }
}

interface BatchLine {
  readonly line: number
  /** The line as parsed from JSON. */
  readonly read: () => unknown
}
