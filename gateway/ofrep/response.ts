import type { Decided } from '../decide/decide.ts'
import type { ErrorCode, GatewayError } from '../errors.ts'

/** A successful evaluation, version 0.3 of the protocol. */
export function toEvaluationBody(flag: string, { predictionId, decision, value, recorded }: Decided): object {
  return {
    key: flag,
    value: value ?? decision.arm,
    variant: decision.arm,
    reason: decision.rule === undefined ? 'SPLIT' : 'TARGETING_MATCH',
    metadata: {
      predictionId,
      propensity: decision.propensity,
      policy: decision.policy,
      degraded: decision.degraded || !recorded,
    },
  }
}

export interface EvaluationFailure {
  readonly status: number
  readonly body: object
}

/** A refusal in the words of the protocol; undefined where its SDKs go by the status alone. */
export function toEvaluationFailure(
  flag: string,
  { code, detail, status }: GatewayError,
): EvaluationFailure | undefined {
  if (status < 400 || status > 499) return undefined
  if (code === 'unknown_endpoint')
    return {
      status: 404,
      body: { key: flag, errorCode: 'FLAG_NOT_FOUND', errorDetails: 'there is no such endpoint' },
    }
  return { status: 400, body: { key: flag, errorCode: errorCodes[code] ?? 'GENERAL', errorDetails: detail } }
}

const errorCodes: Readonly<Partial<Record<ErrorCode, string>>> = {
  malformed_json: 'PARSE_ERROR',
  too_deep: 'PARSE_ERROR',
  too_many_keys: 'PARSE_ERROR',
  missing_field: 'INVALID_CONTEXT',
  invalid_field: 'INVALID_CONTEXT',
}
