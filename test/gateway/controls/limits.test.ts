import { describe, expect, test } from 'vitest'
import type { ArmConfig } from '../../../gateway/config/endpoint-config.ts'
import type { ArmControl, Hold } from '../../../gateway/controls/controls.ts'
import { canaryName, toLimits } from '../../../gateway/controls/limits.ts'
import { rules } from '../guardrails/rules.ts'

const armOf = (changes: Partial<ArmConfig> = {}): ArmConfig =>
  ({ kind: 'model', name: 'new', model: 'new', minShare: 0.1, ...changes }) as ArmConfig
const old: ArmConfig = { kind: 'model', name: 'old', model: 'old', minShare: 0 }
const hold = (kind: Hold['kind']): Hold => ({ kind, since: 0, until: 1, strikes: 1, reason: 'it fails' })

const limitsOf = (arm: ArmConfig, said: ArmControl = {}, pulls = 0, rewarded = 0) => {
  const experience = [
    { pulls, rewarded },
    { pulls: 1e6, rewarded: 1e6 },
  ]
  const { name: _, ...limits } = toLimits([arm, old], { new: said }, experience)[0]!
  return limits
}
const free = { minShare: 0.1, maxShare: undefined, excluded: false }

describe('guardrails', () => {
  test.each([
    ['quarantined', 'quarantine', { ...free, excluded: true }],
    ['probation', 'quarantine', { minShare: 0.02, maxShare: 0.02, excluded: false }],
    ['probation', 'floor', { ...free, maxShare: 0.1 }],
    ['released', 'quarantine', free],
  ] as const)('%s by %s', (kind, action, limits) => {
    const arm = armOf({ guardrails: { ...rules, action } })
    expect(limitsOf(arm, { hold: hold(kind) })).toEqual(limits)
  })

  test('that are not configured any more hold nobody', () => {
    expect(limitsOf(armOf(), { hold: hold('quarantined') })).toEqual(free)
  })
})

describe('a canary', () => {
  const arm = armOf({ canary: { from: 0.01, to: 0.16, overMs: 1, steps: 5 }, guardrails: rules })
  const progress = { canary: canaryName(arm), status: 'advancing', step: 3, since: 0 } as const

  test('gets no more than its step, from the first request on, whatever its least share', () => {
    expect(limitsOf(arm)).toEqual({ minShare: 0.01, maxShare: 0.01, excluded: false })
    expect(limitsOf(arm, { canary: progress })).toMatchObject({ maxShare: expect.closeTo(0.08, 12) })
  })

  test('that is through is an arm like the others, and one that was rolled back gets nothing', () => {
    expect(limitsOf(arm, { canary: { ...progress, status: 'completed' } })).toEqual(free)
    expect(limitsOf(arm, { canary: { ...progress, status: 'rolled_back' } })).toMatchObject({
      excluded: true,
    })
  })

  test('of another version says nothing of this one', () => {
    const before = { ...progress, canary: 'another', status: 'rolled_back' } as const
    expect(limitsOf(arm, { canary: before })).toMatchObject({ maxShare: 0.01, excluded: false })
    expect(limitsOf(armOf(), { canary: before })).toEqual(free)
  })
})

describe('warming up', () => {
  const arm = armOf({ warmUp: { pulls: 100, minShare: 0.2, rewards: 50, maxShare: 0.3 } })

  test('holds a new arm between its shares until it has pulls, then rewards enough', () => {
    expect(limitsOf(arm)).toEqual({ minShare: 0.2, maxShare: 0.3, excluded: false })
    expect(limitsOf(arm, {}, 100, 49)).toEqual({ minShare: 0.1, maxShare: 0.3, excluded: false })
    expect(limitsOf(arm, {}, 100, 50)).toEqual(free)
  })

  test('is for nobody where every arm is new', () => {
    const nothing = { pulls: 0, rewarded: 0 }
    const both = toLimits([arm, { ...arm, name: 'newer' }], {}, [nothing, nothing])
    expect(both.map(({ minShare, maxShare }) => [minShare, maxShare])).toEqual([[0.1, undefined], [0.1, undefined]]) // prettier-ignore
  })
})
