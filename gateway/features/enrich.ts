import type { FeatureSourceConfig } from '../config/features/features.ts'
import type { Field, Table, Value } from '../pipeline/table.ts'
import { toEntities, type Entities } from './entities.ts'
import type { PatientSource } from './patient-source.ts'
import type { SourceFault } from './source.ts'

/** What was not known of a request's rows. */
export interface FeatureReport {
  /** Rows of which a feature was not known, by its name; their defaults stood in, if there are any. */
  readonly missing: Readonly<Record<string, number>>
  /** Sources that gave nothing, and why. */
  readonly unavailable: Readonly<Record<string, SourceFault>>
}

export interface Enriched {
  readonly table: Table
  /** Undefined where everything was known. */
  readonly report: FeatureReport | undefined
}

/** Adds to the fields of a request what is known of its keys. Never rejects for want of a feature. */
export type Enrich = (table: Table) => Promise<Enriched>

/** What was found of an entity; kept in a cache for as long as the configuration says. */
export interface FeatureCache {
  get(id: string): readonly Value[] | undefined
  set(id: string, values: readonly Value[] | undefined): unknown
}

export interface EnrichMetrics {
  /** Entities by what became of them. */
  looked(source: string, outcome: LookupOutcome, entities: number): void
  took(source: string, seconds: number): void
  missing(feature: string, rows: number): void
}

export type LookupOutcome = 'cached' | 'found' | 'unknown' | SourceFault

export interface WiredSource {
  readonly config: FeatureSourceConfig
  readonly source: PatientSource
  readonly cache: FeatureCache | undefined
}

export interface EnrichDeps {
  readonly sources: readonly WiredSource[]
  readonly metrics: EnrichMetrics
  readonly monotonic: () => number
}

/**
 * All sources are asked at once, each for every entity that it has to be asked for, once. A feature that the request
 * brings itself is taken from there.
 */
export function createEnrich({ sources, metrics, monotonic }: EnrichDeps): Enrich {
  return async (table) => {
    const asked = sources.filter(({ config }) => config.features.some(({ name }) => !table.fields.has(name)))
    const fetched = await Promise.all(asked.map((source) => fetchFor(source, table)))
    const fields = new Map(table.fields)
    const missing: Record<string, number> = {}
    const unavailable: Record<string, SourceFault> = {}
    for (const [at, { config }] of asked.entries()) {
      const { entities, rows, fault } = fetched[at]!
      if (fault !== undefined) unavailable[config.name] = fault
      for (const [place, { name, default: standIn = null }] of config.features.entries()) {
        if (table.fields.has(name)) continue
        const known = entities.ofRow.map((entity) => rows[entity]?.[place] ?? null)
        const lacking = known.filter((value) => value === null).length
        if (lacking > 0) {
          missing[name] = lacking
          metrics.missing(name, lacking)
        }
        fields.set(name, toField(known, standIn, entities.single))
      }
    }
    const isComplete = Object.keys(missing).length === 0 && Object.keys(unavailable).length === 0
    return { table: { rows: table.rows, fields }, report: isComplete ? undefined : { missing, unavailable } }
  }

  async function fetchFor({ config, source, cache }: WiredSource, table: Table): Promise<Fetched> {
    const entities = toEntities(table, config.keys)
    const rows: (readonly Value[] | undefined)[] = entities.ids.map((id) => cache?.get(id))
    const open = [...entities.ids.keys()].filter((entity) => rows[entity] === undefined)
    metrics.looked(config.name, 'cached', rows.length - open.length)
    if (open.length === 0) return { entities, rows, fault: undefined }
    const startedAt = monotonic()
    const found = await source.read(open.map((entity) => entities.list[entity]!))
    metrics.took(config.name, (monotonic() - startedAt) / 1000)
    if (typeof found === 'string') {
      metrics.looked(config.name, found, open.length)
      return { entities, rows, fault: found }
    }
    for (const [at, entity] of open.entries()) {
      rows[entity] = found[at]!
      cache?.set(entities.ids[entity]!, found[at])
    }
    const unknown = found.filter((values) => values.every((value) => value === null)).length
    metrics.looked(config.name, 'unknown', unknown)
    metrics.looked(config.name, 'found', found.length - unknown)
    return { entities, rows, fault: undefined }
  }
}

interface Fetched {
  readonly entities: Entities
  /** Of each entity; undefined where nothing was got. */
  readonly rows: readonly (readonly Value[] | undefined)[]
  readonly fault: SourceFault | undefined
}

function toField(known: readonly Value[], standIn: Value, single: boolean): Field {
  return { values: known.map((value) => value ?? standIn), single }
}
