import { context, type Attributes, type Tracer } from '@opentelemetry/api'
import { GatewayError } from '../../errors.ts'
import type { After, Before, Pipeline } from '../../pipeline/pipeline.ts'
import { fail, recordedSpan } from './spans.ts'

/** The same pipeline: making tensors is a span of the request, and so is every step of what becomes of outputs. */
export function tracePipeline(tracer: Tracer, endpoint: string, { before, after }: Pipeline): Pipeline {
  return { ...(before && { before: traceBefore(before) }), ...(after && { after: traceAfter(after) }) }

  function traceBefore(own: Before): Before {
    return {
      ...own,
      toTensors: (table, specs) =>
        during(
          'preprocess',
          { 'bandit.rows': table.rows, 'bandit.inputs': specs.map(({ name }) => name) },
          () => own.toTensors(table, specs),
        ),
    }
  }

  function traceAfter(own: After): After {
    return {
      ...own,
      run: (outputs, table) =>
        own.steps.reduce(
          (shown, { kind, run }) => during(`postprocess ${kind}`, {}, () => run(shown, table)),
          outputs,
        ),
    }
  }

  function during<T>(name: string, attributes: Attributes, call: () => T): T {
    if (recordedSpan() === undefined) return call()
    const span = tracer.startSpan(
      name,
      { attributes: { 'bandit.endpoint': endpoint, ...attributes } },
      context.active(),
    )
    try {
      return call()
    } catch (error) {
      if (error instanceof GatewayError) span.setAttribute('error.type', error.code)
      else fail(span, 'bad_output')
      throw error
    } finally {
      span.end()
    }
  }
}
