import type { Agent } from '../../bandit/index.ts'
import type { ArmConfig, EnsembleArmConfig } from '../config/endpoint-config.ts'
import type { Arm } from '../upstream/arm.ts'
import { createEnsembleArm } from '../upstream/ensemble/ensemble-arm.ts'
import { createModelArm } from '../upstream/model-arm.ts'
import type { Lane } from '../upstream/calls/lane.ts'
import type { ModelUpstream } from '../upstream/model-upstream.ts'
import { posteriorWeights } from '../upstream/ensemble/posterior-weights.ts'
import { createValueArm } from '../upstream/value-arm.ts'

interface ArmOptions {
  readonly deadlineMs: number
  /** Whether a model has the whole deadline where there is no other arm. */
  readonly yields: boolean
  readonly isFrugal: (() => boolean) | undefined
  /** How often each model was right. */
  readonly scores: Agent['scores']
  /** Whether true labels score what answers. */
  readonly isScored: boolean
  /** Of the endpoint. */
  readonly lane: Lane
  /** What combines the outputs of the others; of stacked ensembles alone. */
  readonly last: ModelUpstream | undefined
}

export function toArm(arm: ArmConfig, models: readonly ModelUpstream[], options: ArmOptions): Arm {
  const { name } = arm
  const { deadlineMs, yields, isFrugal, isScored, scores, lane, last } = options
  if (arm.kind === 'model') return createModelArm({ name, upstream: models[0]!, deadlineMs, yields, lane })
  if (arm.kind === 'value') return createValueArm(name)
  const { members, quorum, argmax } = arm
  const fixed = members.map((member) => member.weight)
  const names = members.map(({ model }) => model)
  return createEnsembleArm({
    name,
    members: models,
    weights: arm.byPosterior === true ? posteriorWeights(names, scores) : () => fixed,
    combine: howToCombine(arm, last),
    quorum,
    deadlineMs,
    isFrugal,
    isScored,
    // A request that waits in the queues of several models at once waits once; those queues bound it.
    lane: { ...lane, limit: Infinity, waiting: 0 },
    ...(argmax && { argmax }),
  })
}

function howToCombine({ combine, stack }: EnsembleArmConfig, last: ModelUpstream | undefined) {
  if (stack !== undefined && last !== undefined) return { upstream: last, over: stack.over }
  if (combine === 'first') return combine
  return combine === 'median' ? 'medians' : 'means'
}
