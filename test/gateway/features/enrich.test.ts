import { describe, expect, test } from 'vitest'
import { features as featuresSchema } from '../../../gateway/config/features/features-schema.ts'
import { toFeatures } from '../../../gateway/config/features/to-features.ts'
import { createEnrich, type EnrichMetrics } from '../../../gateway/features/enrich.ts'
import { createPatientSource } from '../../../gateway/features/patient-source.ts'
import type { Entity, FeatureSource } from '../../../gateway/features/source.ts'
import { parseTable, type Value } from '../../../gateway/pipeline/table.ts'

const known = new Set(['user', 'shop', 'age', 'country'])
const people: Record<string, readonly Value[]> = { anna: [31, 'AT'], bert: [null, 'DE'] }

interface World {
  readonly source: FeatureSource & { asked: (readonly Entity[])[]; does: 'answer' | 'hang' | 'fail' }
  readonly told: string[]
  readonly counted: string[]
  now: number
  enrich(inputs: Record<string, unknown>): Promise<{ fields: Record<string, unknown>; report: unknown }>
}

const createWorld = (cache?: Map<string, readonly Value[] | undefined>): World => {
  const [config] = toFeatures(
    featuresSchema.parse({
      people: {
        redis: 'redis://localhost',
        key: 'user:{user}',
        values: { age: { type: 'number', default: 40 }, country: 'text' },
      },
    }),
  )
  const told: string[] = []
  const counted: string[] = []
  const source: World['source'] = {
    asked: [],
    does: 'answer',
    async read(entities, signal) {
      this.asked.push(entities)
      if (this.does === 'fail') throw new Error('connect ECONNREFUSED')
      if (this.does === 'hang') {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
      }
      return entities.map(([user]) => people[String(user)] ?? [null, null])
    },
    close: async () => {},
  }
  const metrics: EnrichMetrics = {
    looked: (name, outcome, entities) =>
      void (entities > 0 && counted.push(`${name} ${outcome} ${entities}`)),
    took: () => {},
    missing: (feature, rows) => void counted.push(`${feature} missing ${rows}`),
  }
  const world: World = {
    source,
    told,
    counted,
    now: 0,
    async enrich(inputs) {
      const { table, report } = await enrich(parseTable(inputs, known))
      return {
        fields: Object.fromEntries([...table.fields].map(([name, { values }]) => [name, values])),
        report,
      }
    },
  }
  const patient = createPatientSource({
    source,
    timeoutMs: 20,
    monotonic: () => world.now,
    changed: (state, reason) => void told.push(`${state} ${reason}`.trim()),
  })
  const enrich = createEnrich({
    sources: [{ config: config!, source: patient, cache }],
    metrics,
    monotonic: () => world.now,
  })
  return world
}

test('every row gets the features of its key, and each key is asked for once', async () => {
  const world = createWorld()
  const { fields, report } = await world.enrich({ user: ['anna', 'bert', 'anna'] })
  expect(world.source.asked).toEqual([[['anna'], ['bert']]])
  expect(fields).toEqual({ user: ['anna', 'bert', 'anna'], age: [31, 40, 31], country: ['AT', 'DE', 'AT'] })
  expect(report).toEqual({ missing: { age: 1 }, unavailable: {} })
  expect(world.counted).toEqual(['people found 2', 'age missing 1'])
})

test('where everything is known there is nothing to report', async () => {
  expect((await createWorld().enrich({ user: 'anna' })).report).toBeUndefined()
})

test('a key that nobody knows, or that is not there, has the defaults', async () => {
  const world = createWorld()
  const { fields, report } = await world.enrich({ user: ['carl', null] })
  expect(fields).toMatchObject({ age: [40, 40], country: [null, null] })
  expect(report).toEqual({ missing: { age: 2, country: 2 }, unavailable: {} })
  expect(world.counted[0]).toBe('people unknown 1')
})

test('what the request brings goes before what is known', async () => {
  const world = createWorld()
  expect((await world.enrich({ user: 'anna', age: 12 })).fields).toMatchObject({ age: [12], country: ['AT'] })
  await world.enrich({ user: 'anna', age: 12, country: 'CH' })
  expect(world.source.asked).toHaveLength(1)
})

test('what is remembered is not asked for again', async () => {
  const world = createWorld(new Map())
  await world.enrich({ user: ['anna', 'carl'] })
  const { fields } = await world.enrich({ user: ['carl', 'bert', 'anna'] })
  expect(world.source.asked).toEqual([[['anna'], ['carl']], [['bert']]])
  expect(fields['country']).toEqual([null, 'DE', 'AT'])
  expect(world.counted).toContain('people cached 2')
})

test('a number that JSON has rounded is no key', async () => {
  await expect(createWorld().enrich({ user: [2 ** 53] })).rejects.toMatchObject({
    code: 'invalid_input',
    pointer: '/inputs/user/0',
  })
})

describe('a source that fails', () => {
  test('leaves the defaults, and is told of', async () => {
    const world = createWorld(new Map())
    world.source.does = 'fail'
    const { fields, report } = await world.enrich({ user: 'anna' })
    expect(fields).toMatchObject({ age: [40], country: [null] })
    expect(report).toEqual({ missing: { age: 1, country: 1 }, unavailable: { people: 'unavailable' } })
    world.source.does = 'answer'
    expect((await world.enrich({ user: 'anna' })).fields).toMatchObject({ age: [31] })
  })

  test('is waited for no longer than its timeout', async () => {
    const world = createWorld()
    world.source.does = 'hang'
    expect((await world.enrich({ user: 'anna' })).report).toMatchObject({
      unavailable: { people: 'timeout' },
    })
  })

  test('rests after five failures in a row, and is tried by one request a second', async () => {
    const world = createWorld()
    world.source.does = 'fail'
    for (let n = 0; n < 8; n++) await world.enrich({ user: 'anna' })
    expect(world.source.asked).toHaveLength(5)
    expect(world.told).toEqual(['away Error: connect ECONNREFUSED'])
    expect((await world.enrich({ user: 'anna' })).report).toMatchObject({
      unavailable: { people: 'resting' },
    })
    world.now = 1001
    await Promise.all([world.enrich({ user: 'anna' }), world.enrich({ user: 'bert' })])
    expect(world.source.asked).toHaveLength(6)
    world.now = 2002
    world.source.does = 'answer'
    expect((await world.enrich({ user: 'anna' })).report).toBeUndefined()
    expect(world.told).toEqual(['away Error: connect ECONNREFUSED', 'back'])
  })
})
