import type { ArmLimits } from '../../bandit/index.ts'
import type { ArmConfig } from '../config/endpoint-config.ts'
import { modelsOf } from '../config/models/models-of.ts'
import { canaryOf, shareOfStep } from '../guardrails/canary-ramp.ts'
import type { ArmControl, CanaryProgress, Controls } from './controls.ts'

export interface NamedLimits extends ArmLimits {
  readonly name: string
}

/** What an arm has behind it. */
export interface Experience {
  readonly pulls: number
  readonly rewarded: number
}

/** The configuration, and over it what operators have said since. */
export function toShares(arms: readonly ArmConfig[], controls: Controls): NamedLimits[] {
  return arms.map(({ name, minShare, maxShare }) => {
    const said = controls[name] ?? {}
    return { name, minShare: said.minShare ?? minShare, maxShare: said.maxShare ?? maxShare }
  })
}

/** What holds for each arm: its shares, within what guardrails, canaries and warm-ups leave of them. */
export function toLimits(
  arms: readonly ArmConfig[],
  controls: Controls,
  experience: readonly Experience[],
): NamedLimits[] {
  const shares = toShares(arms, controls)
  const seasoned = arms.some((arm, at) => isSeasoned(arm, experience[at]))
  return arms.map((arm, at) => {
    const { name, minShare, maxShare = 1 } = shares[at]!
    const said = controls[name] ?? {}
    const isNew = seasoned && !isSeasoned(arm, experience[at])
    const warmUp = isNew ? warmingUp(arm, experience[at]!) : { least: 0, most: 1 }
    const most = Math.min(maxShare, warmUp.most, mostOnHold(arm, said, minShare), mostOfCanary(arm, said))
    return {
      name,
      minShare: Math.min(Math.max(minShare, warmUp.least), most),
      maxShare: most < 1 ? most : undefined,
      excluded: isExcluded(arm, said),
    }
  })
}

export function isQuarantined({ guardrails }: ArmConfig, { hold }: ArmControl): boolean {
  return guardrails !== undefined && hold?.kind === 'quarantined'
}

/** Progress of the canary that is configured; undefined where there is none, or before it has begun. */
export function progressOf(arm: ArmConfig, { canary }: ArmControl): CanaryProgress | undefined {
  return arm.canary !== undefined && canary?.canary === canaryName(arm) ? canary : undefined
}

export function canaryName(arm: ArmConfig): string {
  const answers = arm.kind === 'value' ? JSON.stringify(arm.value) : modelsOf(arm).join('+')
  return canaryOf(arm.canary!, answers)
}

function isExcluded(arm: ArmConfig, said: ArmControl): boolean {
  const isRolledBack = progressOf(arm, said)?.status === 'rolled_back'
  return said.paused === true || isRolledBack || isQuarantined(arm, said)
}

function mostOnHold({ guardrails }: ArmConfig, { hold }: ArmControl, minShare: number): number {
  if (guardrails === undefined || hold?.kind !== 'probation') return 1
  return guardrails.action === 'floor' ? minShare : guardrails.probation.share
}

function mostOfCanary(arm: ArmConfig, said: ArmControl): number {
  if (arm.canary === undefined) return 1
  const progress = progressOf(arm, said)
  return progress?.status === 'completed' ? 1 : shareOfStep(arm.canary, progress?.step ?? 0)
}

/** Where every arm is new none is held back for it. */
function isSeasoned({ warmUp }: ArmConfig, { pulls, rewarded }: Experience = nothing): boolean {
  return warmUp === undefined || (pulls >= warmUp.pulls && rewarded >= warmUp.rewards)
}

const nothing: Experience = { pulls: 0, rewarded: 0 }

function warmingUp(
  { warmUp }: ArmConfig,
  { pulls, rewarded }: Experience,
): { readonly least: number; readonly most: number } {
  return {
    least: warmUp !== undefined && pulls < warmUp.pulls ? warmUp.minShare : 0,
    most: warmUp !== undefined && rewarded < warmUp.rewards ? warmUp.maxShare : 1,
  }
}
