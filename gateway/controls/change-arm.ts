import type { ArmConfig } from '../config/endpoint-config.ts'
import type { EventKind } from '../events/event.ts'
import { GatewayError } from '../errors.ts'
import type { Said } from './arm-controls.ts'
import { findFault } from './check-shares.ts'
import type { ArmControl, Controls } from './controls.ts'
import { toShares } from './limits.ts'
import type { ArmChange } from './parse-change.ts'

export interface Order {
  readonly arm: string
  readonly change: ArmChange
  /** Who gives it, where that is known. */
  readonly by: string | undefined
}

/**
 * What an operator says of an arm; undefined where it is so already.
 *
 * @throws GatewayError shares_conflict
 */
export function changeArm(
  arms: readonly ArmConfig[],
  { arm, change, by }: Order,
  controls: Controls,
): Said | undefined {
  const before = controls[arm] ?? {}
  const after = applyChange(before, change)
  const kinds = changesOf(before, after)
  if (kinds.length === 0) return undefined
  const next = { ...controls, [arm]: after }
  const shares = toShares(arms, next)
  const fault = findFault(shares, arm)
  if (fault !== undefined) {
    throw new GatewayError('shares_conflict', fault.detail, { pointer: `/${fault.field}` })
  }
  const { minShare, maxShare = 1 } = shares.find(({ name }) => name === arm)!
  const facts = { min_share: minShare, max_share: maxShare, ...(by !== undefined && { by }) }
  return {
    controls: next,
    events: kinds.map((kind) => ({ kind, arm, detail: `${details[kind]} ${arm}`, facts })),
  }
}

/** An operator who says active means it: what guardrails have done is over, and a canary begins anew. */
function applyChange({ hold, canary, ...before }: ArmControl, change: ArmChange): ArmControl {
  const { state } = change
  return {
    paused: state === undefined ? before.paused : state === 'paused' ? true : undefined,
    minShare: change.minShare === undefined ? before.minShare : (change.minShare ?? undefined),
    maxShare: change.maxShare === undefined ? before.maxShare : (change.maxShare ?? undefined),
    hold: state === 'active' ? undefined : hold,
    canary: state === 'active' && canary?.status === 'rolled_back' ? undefined : canary,
  }
}

/** What happened to the arm between the two, in the words of events. */
function changesOf(before: ArmControl, after: ArmControl): (keyof typeof details)[] {
  const kinds: (keyof typeof details)[] = []
  if (before.paused !== after.paused) kinds.push(after.paused === true ? 'arm_paused' : 'arm_resumed')
  if (before.hold !== after.hold || before.canary !== after.canary) kinds.push('arm_released')
  if (before.minShare !== after.minShare || before.maxShare !== after.maxShare)
    kinds.push('arm_shares_changed')
  return kinds
}

const details = {
  arm_paused: 'an operator pauses',
  arm_resumed: 'an operator resumes',
  arm_released: 'an operator releases',
  arm_shares_changed: 'an operator changes the shares of',
} as const satisfies Partial<Record<EventKind, string>>
