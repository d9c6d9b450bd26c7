import type { ArmControls } from './arm-controls.ts'

export const armStates = ['active', 'paused', 'unavailable'] as const
export type ArmState = (typeof armStates)[number]

/** As much of an endpoint as the states of its arms are told from. */
export interface SteeredEndpoint {
  readonly arms: ReadonlyMap<string, { available(): boolean }>
  readonly controls: Pick<ArmControls, 'of'>
}

/** What was said of an arm comes before what it is able to. */
export function armState({ arms, controls }: SteeredEndpoint, name: string): ArmState {
  if (controls.of(name).paused === true) return 'paused'
  return (arms.get(name)?.available() ?? false) ? 'active' : 'unavailable'
}
