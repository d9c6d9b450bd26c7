import type { ArmConfig } from '../config/endpoint-config.ts'
import type { Guardrails } from '../config/leash/leash.ts'
import type { Said } from '../controls/arm-controls.ts'
import type { ArmControl, CanaryProgress, Hold } from '../controls/controls.ts'
import { canaryName, progressOf } from '../controls/limits.ts'
import { nextProgress, shareOfStep } from './canary-ramp.ts'
import { percent, type Breach } from './find-breach.ts'
import { nextHold, type Breaches } from './next-hold.ts'

export interface ArmLook {
  readonly arm: ArmConfig
  readonly breaches: Partial<Breaches>
  /** Whether it had enough requests for its keeping to the guardrails to mean something. */
  readonly isTried: boolean
  readonly now: number
}

interface Step {
  readonly control: ArmControl
  readonly events: Said['events']
}

/** What guardrails make of an arm now; undefined where nothing changes. While it is a canary they move its ramp. */
export function nextControl(control: ArmControl, look: ArmLook): Step | undefined {
  const { arm } = look
  const isCanary = arm.canary !== undefined && progressOf(arm, control)?.status !== 'completed'
  return isCanary ? moveCanary(control, look) : hold(control, look)
}

function moveCanary(control: ArmControl, { arm, breaches, isTried, now }: ArmLook): Step | undefined {
  const breach = breaches.faults ?? breaches.loss
  const canary = canaryName(arm)
  const next = nextProgress(control.canary, { config: arm.canary!, canary, breach, isTried, now })
  return next && { control: { ...control, canary: next }, events: [canaryEvent(arm, next, breach)] }
}

function canaryEvent(
  { name, canary }: ArmConfig,
  { status, step }: CanaryProgress,
  breach: Breach | undefined,
): Said['events'][number] {
  const { steps } = canary!
  const share = shareOfStep(canary!, step)
  const about = `step ${step + 1} of ${steps}`
  const facts = { step: step + 1, steps, share, ...breach?.facts }
  switch (status) {
    case 'advancing': {
      const detail = `the canary ${name} gets up to ${percent(share)}, ${about}`
      return { kind: 'canary_advanced', arm: name, about, detail, facts }
    }
    case 'completed':
      return { kind: 'canary_completed', arm: name, about, detail: `the canary ${name} is through`, facts }
    case 'rolled_back': {
      const detail = `the canary ${name} is rolled back at ${about}: ${breach!.reason}`
      return { kind: 'canary_rolled_back', arm: name, about, detail, facts: { ...facts, rule: breach!.rule } }
    }
  }
}

function hold(control: ArmControl, { arm, breaches, now }: ArmLook): Step | undefined {
  const { faults, loss } = breaches
  const next = nextHold(control.hold, { faults, loss }, arm.guardrails!, now)
  if (next === undefined) return undefined
  if (next === 'forgiven') return { control: { ...control, hold: undefined }, events: [] }
  const events = holdEvents(arm.name, next, arm.guardrails!, faults ?? loss)
  return { control: { ...control, hold: next }, events }
}

function holdEvents(
  arm: string,
  { kind, since, until, strikes, reason }: Hold,
  { action, probation }: Guardrails,
  breach: Breach | undefined,
): Said['events'] {
  const seconds = Math.round((until - since) / 1000)
  const facts = {
    strikes,
    ...(kind !== 'released' && { seconds }),
    ...(breach && { rule: breach.rule, ...breach.facts }),
  }
  const tell = (eventKind: 'arm_quarantined' | 'arm_on_probation' | 'arm_released', detail: string) => [
    { kind: eventKind, arm, detail, facts },
  ]
  switch (kind) {
    case 'quarantined':
      return tell('arm_quarantined', `${arm} gets no request for ${seconds} s: ${reason}`)
    case 'probation': {
      const share = action === 'floor' ? 'its least share' : `up to ${percent(probation.share)}`
      return tell('arm_on_probation', `${arm} gets ${share} for ${seconds} s: ${reason}`)
    }
    case 'released':
      return tell('arm_released', `${arm} has kept to its guardrails and is free again`)
  }
}
