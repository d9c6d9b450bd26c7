import type { Agent } from '../../bandit/index.ts'
import type { ModelConfig } from '../config/config.ts'
import type { ArmConfig, EndpointConfig } from '../config/endpoint-config.ts'
import { modelsOf } from '../config/models/models-of.ts'
import type { Contract } from '../contract.ts'
import type { Arm } from '../upstream/arm.ts'
import type { Lane } from '../upstream/calls/lane.ts'
import type { ModelUpstream } from '../upstream/model-upstream.ts'
import { toArm } from './to-arm.ts'

interface ArmsWiring {
  readonly upstreams: ReadonlyMap<string, ModelUpstream>
  readonly models: readonly Pick<ModelConfig, 'name' | 'deadlineMs'>[]
  readonly contract: Contract
  /** Whether true labels score what answers. */
  readonly isScored: boolean
  readonly scores: Agent['scores']
  /** Of the endpoint. */
  readonly lane: Lane
  /** Whether members beyond the quorum are left out. */
  readonly isFrugal: (() => boolean) | undefined
}

/** The arms of an endpoint by name, each held to what the endpoint takes and answers. */
export function wireArms(
  settings: EndpointConfig,
  { upstreams, models, contract, isScored, scores, lane, isFrugal }: ArmsWiring,
): ReadonlyMap<string, Arm> {
  const running = settings.arms.map((arm) => {
    const own = modelsOf(arm).map((model) => upstreams.get(model)!)
    const last = arm.kind === 'ensemble' && arm.stack ? upstreams.get(arm.stack.model) : undefined
    const options = {
      deadlineMs: armDeadline(arm),
      yields: ownDeadline(arm) === undefined,
      isFrugal,
      isScored,
      scores,
      lane,
      last,
    }
    return [arm.name, contract.hold(toArm(arm, own, options), own, last)] as const
  })
  return new Map(running)

  /** A model that hangs leaves as much of the endpoint's deadline for another arm as it took itself. */
  function armDeadline(arm: ArmConfig): number {
    if (arm.kind === 'ensemble') return arm.deadlineMs
    return ownDeadline(arm) ?? settings.deadlineMs / 2
  }

  function ownDeadline(arm: ArmConfig): number | undefined {
    const [name] = modelsOf(arm)
    return models.find((model) => model.name === name)?.deadlineMs
  }
}
