import { errorCatalogue, type ErrorCode, type GatewayError } from '../errors.ts'
import type { AppContext } from '../http/request-info.ts'

/** Where the body of an error has to be `{"error": string}`. */
export function isInferencePath(path: string): boolean {
  return path === '/v2' || path.startsWith('/v2/')
}

/** The protocol knows no 422: what is wrong with a request is 400. */
export function inferenceStatus(code: ErrorCode): number {
  const { status } = errorCatalogue[code]
  return status === 422 ? 400 : status
}

/** The stable code goes in a header. */
export function inferenceErrorResponse(c: AppContext, error: GatewayError): Response {
  const { code, detail, pointer } = error
  const text = pointer === undefined || pointer === '' ? detail : `${detail} (at ${pointer})`
  return new Response(JSON.stringify({ error: text }), {
    status: inferenceStatus(code),
    headers: {
      ...error.headers,
      'content-type': 'application/json',
      'x-request-id': c.get('request').id,
      'x-bandit-error-code': code,
    },
  })
}
