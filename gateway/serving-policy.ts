import { createPolicy, createStopWhenDecided, type Policy } from '../bandit/index.ts'
import type { PolicyConfig } from './config/endpoint-config.ts'

/** The policy as it is configured, whether it serves, is replayed or has to explain itself. */
export function createServingPolicy(settings: PolicyConfig): Policy {
  const policy = createPolicy(settings)
  return settings.stop?.act === true ? createStopWhenDecided(policy, settings.stop) : policy
}
