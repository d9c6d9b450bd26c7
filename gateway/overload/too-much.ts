import { GatewayError } from '../errors.ts'
import { retryAfter } from '../http/retry-after.ts'

/** Told before the body is read, which would be most of the work. */
export function tooMuch(random: () => number): GatewayError {
  return new GatewayError(
    'overloaded',
    'the gateway has too much to do: send it again after Retry-After seconds',
    { headers: retryAfter(random) },
  )
}
