import { TraceFlags } from '@opentelemetry/api'
import {
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace'

/**
 * Records what a caller has decided to record, the share `ratio` of the traces that begin here, and every one that
 * begins with a link to what is recorded: the feedback about a recorded prediction.
 */
export function createSampler(ratio: number): Sampler {
  const share = new TraceIdRatioBasedSampler(ratio)
  return new ParentBasedSampler({
    root: {
      shouldSample(_context, traceId, _name, _kind, _attributes, links) {
        const isLinked = links.some(({ context }) => (context.traceFlags & TraceFlags.SAMPLED) !== 0)
        return isLinked
          ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
          : share.shouldSample(undefined, traceId)
      },
      toString: () => `LinkedOr{${share.toString()}}`,
    },
  })
}
