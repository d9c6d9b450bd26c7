import type { Arm } from './arm.ts'
import { systemClock, type Clock } from './calls/clock.ts'
import type { Lane } from './calls/lane.ts'
import type { ModelUpstream } from './model-upstream.ts'

interface ModelArmDeps {
  readonly name: string
  readonly upstream: Pick<ModelUpstream, 'available' | 'wake' | 'infer' | 'version'>
  /** How long the model has, within the caller's own deadline; what is left of that is for another arm. */
  readonly deadlineMs: number
  /** Whether it has all of it where there is no other arm. */
  readonly yields?: boolean
  /** Of its endpoint. */
  readonly lane?: Lane | undefined
  readonly clock?: Pick<Clock, 'now'>
}

/** An arm that is one model. */
export function createModelArm({
  name,
  upstream,
  deadlineMs,
  yields = false,
  lane,
  clock = systemClock,
}: ModelArmDeps): Arm {
  return {
    name,
    version: () => upstream.version(),
    available: () => upstream.available(),
    wake: () => upstream.wake(),
    async infer(inputs, deadlineAt, caller, isLast = false) {
      const hasAll = caller?.exact !== undefined || (isLast && yields)
      const until = hasAll ? deadlineAt : Math.min(deadlineAt, clock.now() + deadlineMs)
      const outputs = await upstream.infer(inputs, until, caller, lane)
      return { outputs, version: upstream.version() }
    },
  }
}
