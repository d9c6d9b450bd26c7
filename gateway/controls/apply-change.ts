import type { EventKind } from '../events/event.ts'
import type { ArmControl, Controls } from './controls.ts'
import type { ArmChange } from './parse-change.ts'

/** The controls after the change; the same object where nothing is another. */
export function applyChange(controls: Controls, arm: string, change: ArmChange): Controls {
  const before = controls[arm] ?? {}
  const paused = change.state === undefined ? before.paused : change.state === 'paused' ? true : undefined
  const minShare = change.minShare === undefined ? before.minShare : (change.minShare ?? undefined)
  const maxShare = change.maxShare === undefined ? before.maxShare : (change.maxShare ?? undefined)
  const same = paused === before.paused && minShare === before.minShare && maxShare === before.maxShare
  return same ? controls : { ...controls, [arm]: { ...before, paused, minShare, maxShare } }
}

/** What happened to the arm between the two, in the words of events. */
export function changesOf(before: ArmControl = {}, after: ArmControl = {}): EventKind[] {
  const kinds: EventKind[] = []
  if (before.paused !== after.paused) kinds.push(after.paused === true ? 'arm_paused' : 'arm_resumed')
  if (before.minShare !== after.minShare || before.maxShare !== after.maxShare)
    kinds.push('arm_shares_changed')
  return kinds
}
