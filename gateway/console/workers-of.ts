import type { ArmConfig } from '../config/endpoint-config.ts'
import { everyModelOf } from '../config/models/models-of.ts'
import type { WorkerView } from '../endpoint-runtime.ts'

/** The workers that these arms ask, each once. */
export function workersOf(arms: readonly ArmConfig[], workers: readonly WorkerView[]): WorkerView[] {
  const models = new Set(arms.flatMap(everyModelOf))
  return workers.filter(({ model }) => models.has(model))
}
