import type { CanaryConfig } from '../config/leash/leash.ts'
import type { CanaryProgress } from '../controls/controls.ts'
import type { Breach } from './find-breach.ts'

/** The greatest share on a step, from 0 on: from · (to / from)^(step / (steps − 1)). */
export function shareOfStep({ from, to, steps }: CanaryConfig, step: number): number {
  return steps === 1 ? to : from * (to / from) ** (step / (steps - 1))
}

/** A canary of another file or on another ramp is another canary. */
export function canaryOf({ from, to, overMs, steps }: CanaryConfig, model: string): string {
  return JSON.stringify([model, from, to, overMs, steps])
}

export interface CanaryLook {
  readonly config: CanaryConfig
  readonly canary: string
  readonly breach: Breach | undefined
  /** Whether it had enough requests for its keeping to the guardrails to mean something. */
  readonly isTried: boolean
  readonly now: number
}

/** Where the canary is from now on, undefined where nothing changes. What was rolled back stays so. */
export function nextProgress(
  progress: CanaryProgress | undefined,
  { config, canary, breach, isTried, now }: CanaryLook,
): CanaryProgress | undefined {
  if (progress === undefined || progress.canary !== canary) {
    return { canary, status: 'advancing', step: 0, since: now }
  }
  if (progress.status !== 'advancing') return undefined
  if (breach !== undefined) return { ...progress, status: 'rolled_back', since: now, reason: breach.reason }
  if (!isTried || now - progress.since < config.overMs / config.steps) return undefined
  if (progress.step + 1 < config.steps) return { ...progress, step: progress.step + 1, since: now }
  return { ...progress, status: 'completed', since: now }
}
