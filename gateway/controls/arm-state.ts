import type { EndpointConfig } from '../config/endpoint-config.ts'
import type { WorkerView } from '../endpoint-runtime.ts'
import type { ArmControls } from './arm-controls.ts'
import { isQuarantined, progressOf } from './limits.ts'

export const armStates = ['active', 'paused', 'quarantined', 'rolled_back', 'unavailable'] as const
export type ArmState = (typeof armStates)[number]

/** As much of an endpoint as the states of its arms are told from. */
export interface SteeredEndpoint {
  readonly settings: Pick<EndpointConfig, 'arms'>
  readonly arms: ReadonlyMap<string, { available(): boolean }>
  readonly controls: Pick<ArmControls, 'of'>
}

/**
 * What was said of an arm comes before what it is able to; an arm on probation is active.
 * With its `replicas` given, one that ended or hung too often is told from one that is merely away.
 */
export function armState(
  { settings, arms, controls }: SteeredEndpoint,
  name: string,
  replicas: readonly Pick<WorkerView, 'state'>[] = [],
): ArmState {
  const said = controls.of(name)
  const config = settings.arms.find((arm) => arm.name === name)
  if (said.paused === true) return 'paused'
  if (config !== undefined && isQuarantined(config, said)) return 'quarantined'
  if (config !== undefined && progressOf(config, said)?.status === 'rolled_back') return 'rolled_back'
  if (arms.get(name)?.available() ?? false) return 'active'
  // Its supervisor leaves it alone, but for a try a minute.
  const isLeftAlone = replicas.length > 0 && replicas.every(({ state }) => state === 'quarantined')
  return isLeftAlone ? 'quarantined' : 'unavailable'
}
