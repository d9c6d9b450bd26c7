import type { Arm } from './arm.ts'
import type { ModelUpstream } from './model-upstream.ts'

/** An arm that is one model. */
export function createModelArm(name: string, upstream: ModelUpstream): Arm {
  return {
    name,
    available: () => upstream.available(),
    infer: async (inputs, deadlineAt) => ({ outputs: await upstream.infer(inputs, deadlineAt) }),
  }
}
