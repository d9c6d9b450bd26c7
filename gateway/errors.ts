/**
 * Every error that the gateway answers with: the one place where a code gets its status and title. `detail`, which
 * says what is wrong here and how to mend it, is given where the error arises.
 */
export const errorCatalogue = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  too_deep: { status: 400, title: 'The body is nested too deeply' },
  malformed_path: { status: 400, title: 'The path is not valid' },
  repeated_host: { status: 400, title: 'The request names more than one host' },
  malformed_inference: { status: 400, title: 'The request breaks the inference protocol' },
  broken_body: { status: 400, title: 'The body did not arrive whole' },
  unauthenticated: { status: 401, title: 'The request does not say whose it is' },
  forbidden: { status: 403, title: 'The key is not for this' },
  foreign_page: { status: 403, title: 'The request comes from a page of elsewhere' },
  forged_prediction_id: { status: 403, title: 'The prediction id was not issued here' },
  unknown_route: { status: 404, title: 'There is nothing at this path' },
  unknown_endpoint: { status: 404, title: 'There is no such endpoint' },
  unknown_arm: { status: 404, title: 'The endpoint has no such arm' },
  unknown_prediction: { status: 404, title: 'There is no such prediction' },
  method_not_allowed: { status: 405, title: 'This path does not take this method' },
  late_feedback: { status: 410, title: 'The window for feedback is over' },
  body_too_large: { status: 413, title: 'The body is too large' },
  too_many_lines: { status: 413, title: 'The batch has too many lines' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported' },
  unsupported_encoding: { status: 415, title: 'The content encoding is not supported' },
  unknown_host: { status: 421, title: 'The gateway does not go by this name' },
  unknown_field: { status: 422, title: 'The body has a field that is not known' },
  missing_field: { status: 422, title: 'A field is missing' },
  invalid_field: { status: 422, title: 'A field has the wrong type or value' },
  too_many_keys: { status: 422, title: 'The body has too many keys' },
  unknown_input: { status: 422, title: 'The endpoint takes no such input' },
  missing_input: { status: 422, title: 'An input is missing' },
  invalid_input: { status: 422, title: 'An input does not fit its type or shape' },
  row_mismatch: { status: 422, title: 'The inputs do not agree on the number of rows' },
  model_rejected_inputs: { status: 422, title: 'The model refused the inputs' },
  invalid_feedback: { status: 422, title: 'The feedback does not fit the endpoint' },
  shares_conflict: { status: 422, title: 'The shares of the arms do not fit together' },
  nothing_to_infer: { status: 422, title: 'The endpoint has nothing that infers' },
  outputs_needed: { status: 422, title: 'The endpoint learns from its own outputs' },
  too_many_headers: { status: 431, title: 'The request has too many headers' },
  client_closed_request: { status: 499, title: 'The client left before the answer' },
  reward_share_exceeded: { status: 429, title: 'The key has taught its share' },
  rate_limited: { status: 429, title: 'Too much at once' },
  internal: { status: 500, title: 'Something is wrong inside the gateway' },
  unusable_answer: { status: 502, title: 'What the models answer cannot be used' },
  broken_answer: { status: 502, title: 'What the models answer cannot be read' },
  preprocess_failed: { status: 503, title: 'A model before the arms has no answer' },
  no_arm_available: { status: 503, title: 'No arm of the endpoint can answer' },
  overloaded: { status: 503, title: 'There are more requests than can be taken' },
  not_ready: { status: 503, title: 'Not ready to answer yet' },
  issuer_unavailable: { status: 503, title: 'Tokens cannot be checked now' },
  store_unavailable: { status: 503, title: 'The store cannot be reached' },
  deadline_exceeded: { status: 504, title: 'No answer before the deadline' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>

export type ErrorCode = keyof typeof errorCatalogue

export interface ErrorFacts {
  /** JSON pointer into the request's body. */
  readonly pointer?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** An error that the client is told of. `detail` is written for the client and holds nothing of our insides. */
export class GatewayError extends Error {
  readonly code: ErrorCode
  readonly detail: string
  readonly pointer: string | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ErrorCode, detail: string, { pointer, headers = {}, cause }: ErrorFacts = {}) {
    super(`${code}: ${detail}`, { cause })
    this.name = 'GatewayError'
    this.code = code
    this.detail = detail
    this.pointer = pointer
    this.headers = headers
  }

  get status(): number {
    return errorCatalogue[this.code].status
  }
}

/** Whatever was thrown, as something that may be told to a client. */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  if (isStoreUnavailable(error)) {
    return new GatewayError(
      'store_unavailable',
      'nothing was changed: send it again after Retry-After seconds, nothing is counted twice',
      { headers: { 'retry-after': '1' }, cause: error },
    )
  }
  return new GatewayError('internal', 'the fault is logged under this request_id: tell the operator', {
    cause: error,
  })
}

/** The store's own word for it, by its code. */
export function isStoreUnavailable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'store_unavailable'
}

/** RFC 9457 problem details. */
export interface Problem {
  readonly type: `urn:bandit:error:${ErrorCode}`
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly pointer?: string
  readonly request_id?: string
}

export function toProblem({ code, detail, pointer }: GatewayError, requestId?: string): Problem {
  return {
    type: `urn:bandit:error:${code}`,
    ...errorCatalogue[code],
    detail,
    code,
    ...(pointer !== undefined && { pointer }),
    ...(requestId !== undefined && { request_id: requestId }),
  }
}
