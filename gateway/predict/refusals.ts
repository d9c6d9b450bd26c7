import type { EndpointRuntime } from '../endpoint-runtime.ts'
import { GatewayError } from '../errors.ts'
import { retryAfter } from '../http/retry-after.ts'

/** What the endpoint takes is not known yet, or it has nothing that would take anything. */
export function notReady({ name, settings }: EndpointRuntime, random: () => number): GatewayError {
  if (settings.arms.every(({ kind }) => kind === 'value')) {
    const detail = `the arms of ${name} are values, which callers act on: use POST /decide/${name}`
    return new GatewayError('nothing_to_infer', detail)
  }
  const detail = `no model of ${name} has come up yet: send it again after Retry-After seconds`
  return new GatewayError('not_ready', detail, { headers: retryAfter(random) })
}
