import type { ArmConfig } from '../config/endpoint-config.ts'
import type { ArmControl } from '../controls/controls.ts'
import { progressOf } from '../controls/limits.ts'

/** What guardrails have done to an arm and how far it is as a canary, where that is anything. */
export function toLeashFacts(arm: ArmConfig, said: ArmControl): object {
  const { hold } = said
  const progress = progressOf(arm, said)
  return {
    ...(arm.guardrails &&
      hold && {
        hold: {
          kind: hold.kind,
          since: new Date(hold.since).toISOString(),
          until: new Date(hold.until).toISOString(),
          strikes: hold.strikes,
          reason: hold.reason,
        },
      }),
    ...(progress && {
      canary: {
        status: progress.status,
        step: progress.step + 1,
        steps: arm.canary!.steps,
        since: new Date(progress.since).toISOString(),
        reason: progress.reason,
      },
    }),
  }
}
