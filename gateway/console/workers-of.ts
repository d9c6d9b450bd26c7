import type { ArmConfig } from '../config/config.ts'
import type { WorkerView } from '../endpoint-runtime.ts'

/** The workers that these arms ask, each once. */
export function workersOf(arms: readonly ArmConfig[], workers: readonly WorkerView[]): WorkerView[] {
  const models = new Set(arms.flatMap(modelsOf))
  return workers.filter(({ model }) => models.has(model))
}

export function modelsOf(arm: ArmConfig): readonly string[] {
  return arm.kind === 'model' ? [arm.model] : arm.members.map(({ model }) => model)
}
