import type { ModelConfig } from '../config/config.ts'
import type { EndpointConfig } from '../config/endpoint-config.ts'
import { createModelSteps, type ModelSteps } from '../pipeline/models/model-steps.ts'
import type { ModelUpstream } from '../upstream/model-upstream.ts'

/** The models that an endpoint asks before its arms; undefined where there are none. */
export function wireSteps(
  { preprocess }: EndpointConfig,
  upstreams: ReadonlyMap<string, ModelUpstream>,
  models: readonly Pick<ModelConfig, 'name' | 'deadlineMs'>[],
): ModelSteps | undefined {
  if (preprocess === undefined || preprocess.models.length === 0) return undefined
  const steps = preprocess.models.map((config) => ({
    config,
    upstream: upstreams.get(config.model)!,
    deadlineMs: models.find(({ name }) => name === config.model)?.deadlineMs ?? Infinity,
  }))
  return createModelSteps(steps)
}
