import type { CrossFault } from '../cross-fault.ts'
import { features as featuresSchema, type FeatureSourceInput } from './features-schema.ts'
import type { Path } from '../reading/positions.ts'
import { partOf } from '../reading/raw.ts'
import { keysOf } from './to-features.ts'

/** Sources against themselves, each other and the endpoint. */
export function* checkFeatures(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const features = partOf(endpoint, 'features')
  if (features === undefined) return
  const where = [...path, 'features']
  if (partOf(partOf(endpoint, 'preprocess'), 'tensors') === undefined) {
    const message =
      'features join the fields of a request, and this endpoint takes tensors: declare preprocess.tensors'
    yield { path: where, message, atKey: true }
  }
  const shape = featuresSchema.safeParse(features)
  if (!shape.success) return
  const owners = new Map<string, string>()
  for (const [name, source] of Object.entries(shape.data)) {
    yield* checkPlace([...where, name], source)
    yield* checkValues([...where, name, 'values'], source)
    for (const feature of Object.keys(source.values)) {
      const owner = owners.get(feature)
      if (owner !== undefined) {
        const message = `${owner} fetches it too: give one of them another name, and the field it comes from under from`
        yield { path: [...where, name, 'values', feature], message, atKey: true }
      }
      owners.set(feature, name)
    }
  }
}

function* checkPlace(path: Path, source: FeatureSourceInput): Iterable<CrossFault> {
  const { redis, key, feast, entities } = source
  if ((redis === undefined) === (feast === undefined)) {
    yield { path, message: 'features come from one place: give either redis and key, or feast and entities' }
    return
  }
  const [own, others] =
    redis === undefined ? (['feast', redisOnly] as const) : (['redis', feastOnly] as const)
  for (const name of others) {
    if (source[name] === undefined) continue
    yield { path: [...path, name], message: `${own} has no use for it: take it out`, atKey: true }
  }
  if (redis !== undefined && key === undefined) {
    yield { path, message: 'the key of the hashes is missing: add it, such as key: user:{user_id}' }
  } else if (feast !== undefined && entities === undefined) {
    yield { path, message: 'the entities are missing: add them, such as entities: { driver_id: driver }' }
  } else if (keysOf(source).length === 0) {
    const message =
      'it names no field of the request, so that all would get the same: add one, such as user:{user_id}'
    yield { path: [...path, redis === undefined ? 'entities' : 'key'], message }
  }
}

const redisOnly = ['key', 'password_variable'] as const
const feastOnly = ['entities', 'headers'] as const

function* checkValues(path: Path, { feast, values }: FeatureSourceInput): Iterable<CrossFault> {
  for (const [name, value] of Object.entries(values)) {
    const {
      type,
      from = name,
      default: standIn,
    } = typeof value === 'string' ? { type: value, from: undefined, default: undefined } : value
    if (feast !== undefined && !/^[^:]+:[^:]+$/.test(from)) {
      yield {
        path: [...path, name],
        message: 'Feast knows features by view and name: add from: view:feature',
      }
    }
    const typeOfDefault = standIn === undefined ? undefined : types[typeof standIn as keyof typeof types]
    if (typeOfDefault === undefined || typeOfDefault === type) continue
    const message = `it is a ${type}, and its default is not: give it a default of that type`
    yield { path: [...path, name, 'default'], message }
  }
}

const types = { number: 'number', string: 'text', boolean: 'boolean' } as const
