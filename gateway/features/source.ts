import type { Value } from '../pipeline/table.ts'

/** Values of the key fields of one row, in the order of the source's keys. */
export type Entity = readonly (string | number | boolean)[]

/** Where features come from. */
export interface FeatureSource {
  /**
   * The features of each entity, in the order of the configuration; null where one is not known.
   *
   * Rejects when the place cannot be reached or answers nonsense.
   */
  read(entities: readonly Entity[], signal: AbortSignal): Promise<readonly (readonly Value[])[]>
  close(): Promise<void>
}

/** Why a source gave nothing. */
export type SourceFault = 'timeout' | 'unavailable' | 'resting'
