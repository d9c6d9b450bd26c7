import type { Agent } from '../../bandit/index.ts'
import type { ArmConfig } from '../config/endpoint-config.ts'
import type { ArmControls } from '../controls/arm-controls.ts'
import type { ArmControl } from '../controls/controls.ts'
import { nobodyElse } from '../controls/nobody-else.ts'
import type { ArmHealth } from './arm-health.ts'
import { findFaults, findLoss } from './find-breach.ts'
import { nextControl, type ArmLook } from './next-control.ts'

/** Looks again and again at whether the arms of an endpoint keep to their guardrails, and acts where one does not. */
export interface Guard {
  /** Rejects with a StoreUnavailable where something is to be done and cannot be kept. */
  look(): Promise<void>
}

export interface GuardDeps {
  readonly arms: readonly ArmConfig[]
  readonly running: ReadonlyMap<string, { available(): boolean }>
  readonly agent: Pick<Agent, 'compare'>
  readonly health: ReadonlyMap<string, ArmHealth>
  readonly controls: ArmControls
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export function createGuard({ arms, running, agent, health, controls, clock }: GuardDeps): Guard {
  const phases = new Map<string, string>()

  /** What an arm did before its leash was changed is not held against it again, whichever gateway changed it. */
  function beginPhase({ name }: ArmConfig): void {
    const { hold, canary } = controls.of(name)
    const phase = `${hold?.kind} ${hold?.since} ${canary?.status} ${canary?.since}`
    if (phases.has(name) && phases.get(name) !== phase) health.get(name)?.forget()
    phases.set(name, phase)
  }

  function lookAt(arm: ArmConfig): ArmLook {
    const { guardrails: rules } = arm
    const reading = health.get(arm.name)?.read() ?? { requests: 0, faults: 0, slow: 0 }
    const isLast = nobodyElse(arm.name, controls.limits(), running)
    if (rules === undefined || isLast) return { arm, breaches: {}, isTried: false, now: clock() }
    const { baseline } = rules
    const evidence =
      baseline === undefined || baseline === arm.name ? undefined : agent.compare(arm.name, baseline)
    return {
      arm,
      breaches: { faults: findFaults(rules, reading), loss: findLoss(rules, evidence) },
      isTried: reading.requests >= rules.minRequests,
      now: clock(),
    }
  }

  return {
    async look() {
      for (const arm of arms) {
        if (arm.guardrails === undefined) continue
        beginPhase(arm)
        const look = lookAt(arm)
        const next = (control: ArmControl | undefined) => nextControl(control ?? {}, look)
        if (next(controls.of(arm.name)) === undefined) continue
        // oxlint-disable-next-line no-await-in-loop -- whether an arm is the last one depends on the arm before it
        await controls.update((all) => {
          const said = next(all[arm.name])
          return said && { controls: { ...all, [arm.name]: said.control }, events: said.events }
        })
        beginPhase(arm)
      }
    },
  }
}
