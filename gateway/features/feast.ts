import * as z from 'zod'
import type { FeastConfig, FeatureConfig } from '../config/features/features.ts'
import type { Outbound } from '../security/outbound/outbound.ts'
import { parseJsonValue } from './parse-value.ts'
import type { FeatureSource } from './source.ts'

export interface FeastDeps {
  readonly config: Pick<FeastConfig, 'url' | 'entities'>
  /** Fields of the request, in the order of an entity's values. */
  readonly keys: readonly string[]
  readonly features: readonly FeatureConfig[]
  readonly headers: Readonly<Record<string, string>>
  readonly outbound: Pick<Outbound, 'fetch' | 'close'>
}

/** One entry a feature, in the order of its names; each has a value and a status for each entity. */
const answer = z.object({
  metadata: z.object({ feature_names: z.array(z.string()) }),
  results: z.array(z.object({ values: z.array(z.unknown()), statuses: z.array(z.string()) })),
})

/** A Feast feature server: `POST /get-online-features`, read as columns, which is what it sends. */
export function createFeast({ config, keys, features, headers, outbound }: FeastDeps): FeatureSource {
  const url = new URL('get-online-features', config.url.endsWith('/') ? config.url : `${config.url}/`)
  const wanted = features.map(({ from }) => from)
  const joinKeys = Object.entries(config.entities).map(
    ([join, field]) => [join, keys.indexOf(field)] as const,
  )
  return {
    async read(entities, signal) {
      const columns = joinKeys.map(([join, at]) => [join, entities.map((entity) => entity[at])])
      const body = { features: wanted, entities: Object.fromEntries(columns), full_feature_names: true }
      const response = await outbound.fetch(url, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { ...headers, 'content-type': 'application/json' },
        signal,
      })
      if (!response.ok) {
        await response.body?.cancel()
        throw new Error(`Feast answered ${response.status}`)
      }
      return toRows(await response.json(), features, entities.length)
    },
    close: () => outbound.close(),
  }
}

function toRows(json: unknown, features: readonly FeatureConfig[], count: number) {
  const parsed = answer.safeParse(json)
  if (!parsed.success) throw new Error('Feast answered something else than features')
  const { metadata, results } = parsed.data
  const columns = features.map(({ from, type }) => {
    const column = results[metadata.feature_names.indexOf(from.replace(':', '__'))]
    if (column?.values.length !== count || column.statuses.length !== count) {
      throw new Error(`Feast gave no ${count} values of ${from}`)
    }
    const { values, statuses } = column
    return values.map((value, at) => (statuses[at] === 'PRESENT' ? parseJsonValue(value, type) : null))
  })
  return Array.from({ length: count }, (_, row) => columns.map((column) => column[row]!))
}
