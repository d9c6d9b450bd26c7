import { assert, property, record, array, constantFrom, double, integer, option } from 'fast-check'
import { expect, test } from 'vitest'
import { buildSlate, type Candidate } from '../../../../gateway/pipeline/post/build-slate.ts'

const candidate = (score: number, group?: string, traits: readonly string[] = []): Candidate => ({
  score,
  capGroup: group,
  exposureGroup: group,
  traits,
})
const free = { k: 10, lambda: 1, most: Infinity, least: new Map<string, number>() }

test('without rules the best come first, equal ones as they were sent', () => {
  expect(
    buildSlate(
      [0.1, 0.9, 0.9, 0.5].map((score) => candidate(score)),
      { ...free, k: 3 },
    ),
  ).toEqual([1, 2, 3])
})

test('a cap lets no group have more, and those of no group are not capped', () => {
  const candidates = [
    candidate(9, 'a'),
    candidate(8, 'a'),
    candidate(7, 'a'),
    candidate(1, 'b'),
    candidate(0.5),
  ]
  expect(buildSlate(candidates, { ...free, most: 2 })).toEqual([0, 1, 3, 4])
})

test('what is like one above gives way to what is not, as maximal marginal relevance has it', () => {
  const candidates = [
    candidate(0.9, undefined, ['crime', 'uk']),
    candidate(0.8, undefined, ['crime', 'uk']),
    candidate(0.7, undefined, ['crime', 'us']),
    candidate(0.5, undefined, ['nature', 'us']),
  ]
  // Second place: 0.4 − 0.5, 0.35 − 0.25, 0.25 − 0; third: 0.4 − 0.5 and 0.35 − 0.25 (half like either).
  expect(buildSlate(candidates, { ...free, lambda: 0.5 })).toEqual([0, 3, 2, 1])
  expect(buildSlate(candidates, { ...free, lambda: 1 })).toEqual([0, 1, 2, 3])
})

test('a group that is due gets its place, no sooner than it has to', () => {
  const candidates = [candidate(9, 'big'), candidate(8, 'big'), candidate(7, 'big'), candidate(1, 'small')]
  expect(buildSlate(candidates, { ...free, k: 4, least: new Map([['small', 0.5]]) })).toEqual([0, 3, 1, 2])
  expect(buildSlate(candidates, { ...free, k: 4, least: new Map([['small', 1 / 3]]) })).toEqual([0, 1, 3, 2])
})

test('of any first n places a group has its share, as long as it has candidates', () => {
  const shares = record({
    a: integer({ min: 0, max: 50 }),
    b: integer({ min: 0, max: 30 }),
    c: integer({ min: 0, max: 20 }),
  })
  const groups = array(
    record({
      score: double({ min: 0, max: 1, noNaN: true }),
      group: option(constantFrom('a', 'b', 'c', 'd')),
    }),
    { maxLength: 40 },
  )
  assert(
    property(groups, shares, integer({ min: 1, max: 20 }), (rows, percent, k) => {
      const candidates = rows.map(({ score, group }) => candidate(score, group ?? undefined))
      const least = new Map(Object.entries(percent).map(([group, each]) => [group, each / 100]))
      const slate = buildSlate(candidates, { ...free, k, least })
      expect(new Set(slate).size).toBe(slate.length)
      expect(slate.length).toBe(Math.min(k, candidates.length))
      for (const [group, share] of Object.entries(percent)) {
        const total = candidates.filter(({ exposureGroup }) => exposureGroup === group).length
        for (let places = 1; places <= slate.length; places++) {
          const shown = slate
            .slice(0, places)
            .filter((row) => candidates[row]!.exposureGroup === group).length
          expect(shown).toBeGreaterThanOrEqual(Math.min(total, Math.floor((places * share) / 100)))
        }
      }
    }),
    { seed: 11, numRuns: 300 },
  )
})
