import { ensembleSubject, modelSubject } from '../../../bandit/index.ts'
import type { ArmConfig } from '../endpoint-config.ts'

/** Name under which an arm is observed where it answers beside another: a model is the same in all its parts. */
export function subjectOf(arm: ArmConfig): string {
  return arm.kind === 'model' ? modelSubject(arm.model) : ensembleSubject(arm.name)
}
