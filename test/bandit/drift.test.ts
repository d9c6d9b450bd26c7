import { expect, test } from 'vitest'
import type { Forgetting } from '../../bandit/beliefs/forgetting.ts'
import { createKlUcb } from '../../bandit/policies/kl-ucb.ts'
import { playDrifting } from './support/play-drifting.ts'
import { uniformSource } from './support/random-source.ts'

/** Problem 1 of L. Besson and E. Kaufmann: five segments of 1000 plays, four changes. */
const segments = [
  [0.3, 0.5, 0.9],
  [0.3, 0.2, 0.9],
  [0.3, 0.2, 0.1],
  [0.7, 0.2, 0.1],
  [0.7, 0.5, 0.1],
]
const plays = 5000
const halfLifeMs = Math.log(2) / -Math.log(1 - Math.sqrt(4 / plays) / 4)
const changes = { kind: 'change-detection', spanMs: 1600, risk: 0.01 } as const

interface Case {
  readonly forgetting: Forgetting
  readonly floor?: number
  readonly runs: number
  readonly regret: number
  readonly tolerance: number
}

/**
 * Regret of KL-UCB, of an independent simulator where it never forgets or keeps a window or a half-life, and as
 * published (74 and 97, each ± 32 a run) where it looks for changes. The tolerance is four standard errors, from
 * deviations a run of 71, 20, 11 and 32, and a twentieth more for windows and changes that go by epochs.
 */
const cases: readonly Case[] = [
  { forgetting: { kind: 'none' }, runs: 12, regret: 273.8, tolerance: 85 },
  { forgetting: { kind: 'sliding-window', spanMs: 206.4 }, runs: 6, regret: 178.4, tolerance: 42 },
  { forgetting: { kind: 'half-life', halfLifeMs }, runs: 6, regret: 214.5, tolerance: 28 },
  { forgetting: { ...changes, scope: 'arm' }, floor: 0.05 / 3, runs: 3, regret: 74, tolerance: 78 },
  { forgetting: { ...changes, scope: 'all' }, floor: 0.05 / 3, runs: 2, regret: 97, tolerance: 95 },
]

test.each(cases)(
  'forgetting $forgetting.kind $forgetting.scope: regret $regret ± $tolerance',
  { timeout: 30_000 },
  ({ forgetting, floor = 0, runs, regret, tolerance }) => {
    const uniform = uniformSource(131)
    let sum = 0
    for (let run = 0; run < runs; run++) {
      sum += playDrifting(createKlUcb(), forgetting, segments, plays, uniform, { floor })
    }
    expect(Math.abs(sum / runs - regret)).toBeLessThan(tolerance)
  },
)
