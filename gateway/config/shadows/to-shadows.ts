import type { EndpointInput } from '../endpoint-schema.ts'
import type { ShadowConfig } from './shadows.ts'

export function toShadows({ shadow = [], arms, reward, deadline }: EndpointInput): readonly ShadowConfig[] {
  return shadow.map((input) => ({
    name: input.arm,
    model: Object.hasOwn(arms, input.arm) ? undefined : input.arm,
    share: input.share,
    concurrency: input.concurrency,
    deadlineMs: input.deadline ?? deadline,
    compare: input.compare ?? (reward.from === 'label' ? reward.output : undefined),
    tolerance: input.tolerance,
  }))
}
