import type { ArmConfig } from '../config/endpoint-config.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import { createArmHealth } from '../guardrails/arm-health.ts'
import { createGuard, type GuardDeps } from '../guardrails/guard.ts'

const monotonic = () => performance.now()

/** Nothing where no arm has guardrails: requests then pay nothing for them. */
export function wireGuard(
  arms: readonly ArmConfig[],
  deps: Omit<GuardDeps, 'arms' | 'health'>,
): Pick<EndpointRuntime, 'health' | 'guard'> {
  const health = new Map(
    arms.flatMap(({ name, guardrails, canary }) => {
      if (guardrails === undefined) return []
      // A step of a canary is judged as a whole, however little traffic it gets.
      const windowMs = Math.max(guardrails.windowMs, canary === undefined ? 0 : canary.overMs / canary.steps)
      const slowMs = guardrails.latencyP99Ms ?? Infinity
      return [[name, createArmHealth({ windowMs, slowMs, monotonic })] as const]
    }),
  )
  return health.size === 0 ? {} : { health, guard: createGuard({ ...deps, arms, health }) }
}
