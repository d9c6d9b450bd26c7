import { unitBounds, type ArmView, type EndpointView } from '../../bandit/index.ts'
import type { ArmConfig } from '../config/config.ts'
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
  { settings, arms }: EndpointRuntime,
  view: EndpointView,
  workers: readonly WorkerView[],
): EndpointNow {
  const { identification } = view
  const found = identification?.decided === true ? identification.leader : undefined
  return {
    snapshotAgeMs: Number.isFinite(view.snapshotAgeMs) ? Math.round(view.snapshotAgeMs) : null,
    warnings: view.warnings.map(({ detail }) => detail),
    ...(found !== undefined && { found }),
    arms: view.arms.map((arm, index) =>
      toArm(arm, settings.arms[index]!, arms.get(arm.name)?.available() ?? false, workers),
    ),
  }
}

function toArm(view: ArmView, arm: ArmConfig, isAvailable: boolean, workers: readonly WorkerView[]): ArmNow {
  const { effectiveCount: _, pendingByAge: __, ...shown } = view
  return { ...shown, isAvailable, replicas: workersOf([arm], workers) }
}
