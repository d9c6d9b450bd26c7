import type { Context } from '../../bandit/index.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import type { AppContext } from '../http/request-info.ts'
import type { Ruling } from './compile-rules.ts'

interface Asking {
  readonly context: Context | undefined
  readonly unit: string | undefined
}

/** What the endpoint's rules make of a request; undefined where none fits. */
export function rulingOn(
  { rule }: EndpointRuntime,
  c: AppContext,
  { context, unit }: Asking,
): Ruling | undefined {
  return rule?.({ header: (name) => c.req.header(name), context, unit })
}
