import { unitBounds, type ArmView, type EndpointView } from '../../bandit/index.ts'
import { armState } from '../controls/arm-state.ts'
import type { EndpointRuntime, WorkerView } from '../endpoint-runtime.ts'
import type { ArmNow, EndpointNow, EndpointPicture } from './shape.ts'
import { workersOf } from './workers-of.ts'

/** What does not change while a gateway runs. */
export function toFacts({
  name,
  settings,
}: EndpointRuntime): Pick<EndpointPicture, 'name' | 'policy' | 'reward'> {
  const { from, windowMs, bounds = unitBounds } = settings.reward
  return { name, policy: settings.policy.name, reward: { from, windowMs, ...bounds } }
}

export function toNow(
  endpoint: EndpointRuntime,
  view: EndpointView,
  workers: readonly WorkerView[],
): EndpointNow {
  const { settings } = endpoint
  const { identification, holding } = view
  const found = identification?.decided === true ? identification.leader : undefined
  return {
    snapshotAgeMs: Number.isFinite(view.snapshotAgeMs) ? Math.round(view.snapshotAgeMs) : null,
    ...(holding && { holding: { rewarded: holding.rewardedBefore, inStore: holding.rewarded } }),
    warnings: view.warnings.map(({ detail }) => detail),
    ...(found !== undefined && { found }),
    arms: view.arms.map((arm, index) => toArm(endpoint, arm, workersOf([settings.arms[index]!], workers))),
  }
}

function toArm(endpoint: EndpointRuntime, view: ArmView, replicas: readonly WorkerView[]): ArmNow {
  const { effectiveCount: _, pendingByAge: __, ...shown } = view
  const isAvailable = endpoint.arms.get(view.name)?.available() ?? false
  const state = armState(endpoint, view.name, replicas)
  const isHeld = state !== 'active' && state !== 'unavailable'
  return { ...shown, isAvailable, ...(isHeld && { held: state }), replicas }
}
