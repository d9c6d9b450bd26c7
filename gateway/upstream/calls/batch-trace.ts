import type { Batch } from './batch.ts'
import type { BatchTrace, UpstreamTracer } from '../tracer.ts'

/** Of a batch that goes to a replica; undefined when none of its calls is followed. */
export function traceOf(
  tracer: UpstreamTracer,
  model: string,
  { jobs, rows }: Batch,
): BatchTrace | undefined {
  const [first, ...others] = jobs.flatMap(({ trace }) => trace ?? [])
  return first && tracer.sent(model, rows, [first, ...others])
}
