import type { EndpointConfig } from '../config/endpoint-config.ts'
import { createCategoryCounter, type CountCategory } from '../monitoring/drift/category-counter.ts'
import { createDrift } from '../monitoring/drift/drift.ts'
import { readReferences } from '../monitoring/drift/reference-file.ts'
import { createMonitor, type Monitor } from '../monitoring/monitor.ts'
import { createSampleRatio } from '../monitoring/sample-ratio.ts'

export interface MonitorDeps {
  readonly count: CountCategory
  readonly clock: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
}

/** @throws StartFault when the file that drift is measured against cannot be read */
export async function wireMonitor(
  { arms, drift: settings }: EndpointConfig,
  { count, clock, random }: MonitorDeps,
): Promise<Monitor> {
  const names = arms.map(({ name }) => name)
  const sampleRatio = createSampleRatio({ arms: names, clock })
  if (settings === undefined) return createMonitor(sampleRatio, undefined)
  const references = settings.file === undefined ? undefined : await readReferences(settings.file)
  const counter = createCategoryCounter(count)
  return createMonitor(
    sampleRatio,
    createDrift({ settings, arms: names, references, counter, clock, random }),
  )
}
