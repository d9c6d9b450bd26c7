import type { Reply } from './replicas/exchange.ts'
import { UpstreamError, type UpstreamFault } from './errors.ts'

/** undici's errors for an answer that is there, but makes no sense. */
const badAnswers = new Set(['HTTPParserError', 'HeadersOverflowError', 'ResponseExceededMaxSizeError'])

/**
 * What an error thrown on the way to a replica means. Any error with a code comes from the network and leaves the
 * replica unreachable; one without a code is a mistake of ours and is returned as it is.
 */
export function toUpstreamError(model: string, error: unknown): unknown {
  if (error instanceof UpstreamError || !(error instanceof Error)) return error
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return new UpstreamError('timeout', model, `${model} did not answer in time`, { cause: error })
  }
  if (badAnswers.has(error.name)) {
    const words = `${model} answered what cannot be read: ${error.message}`
    return new UpstreamError('bad_output', model, words, { cause: error })
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === '' || code.startsWith('UND_ERR_INVALID')) return error
  // Only its own words say whom the configuration has to let it call.
  const why = code === 'outbound_refused' ? error.message : code
  return new UpstreamError('unreachable', model, `${model} cannot be reached (${why})`, { cause: error })
}

/** A reply whose status is not 200. The server's own words are for the log, cut short. */
export function refusalError(model: string, reply: Reply): UpstreamError {
  const words = reply.body.toString('utf8', 0, 256)
  return new UpstreamError(
    faultOfStatus(reply.status),
    model,
    `${model} answered ${reply.status}${words === '' ? '' : `: ${words}`}`,
  )
}

/** Other 4xx, 404 among them, say that this server does not serve this model to us: no input is to blame. */
function faultOfStatus(status: number): UpstreamFault {
  switch (status) {
    case 400:
    case 413:
    case 422:
      return 'rejected'
    case 429:
    case 503:
      return 'overloaded'
    case 502:
    case 504:
      return 'unreachable'
    default:
      return status >= 400 && status < 500 ? 'unreachable' : 'bad_output'
  }
}
