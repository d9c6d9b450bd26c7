import { toProblem, type GatewayError } from '../errors.ts'
import type { AppContext } from './request-info.ts'

/** Headers are given as a plain object, which the server writes as they are, without building a Headers first. */
export function jsonResponse(c: AppContext, body: unknown, status = 200): Response {
  const headers = { 'content-type': 'application/json', 'x-request-id': c.get('request').id }
  return new Response(JSON.stringify(body), { status, headers })
}

export function problemResponse(c: AppContext, error: GatewayError): Response {
  const { id } = c.get('request')
  const headers = { ...error.headers, 'content-type': 'application/problem+json', 'x-request-id': id }
  return new Response(JSON.stringify(toProblem(error, id)), { status: error.status, headers })
}
