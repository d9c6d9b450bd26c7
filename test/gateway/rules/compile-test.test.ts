import { describe, expect, test } from 'vitest'
import type { ValueTest } from '../../../gateway/config/rules/rules.ts'
import { compileTest } from '../../../gateway/rules/compile-test.ts'
import { soundConfig } from '../../fixtures/sound-config.ts'

const toTest = (text: string): ValueTest => {
  const config = soundConfig(
    `models: { m: { onnx: m } }\nendpoints: { e: { arms: { a: { model: m } }, rules: [{ when: { context: { x: ${text} } }, arm: a }] } }`,
  )
  return config.endpoints[0]!.rules![0]!.when.context['x']!
}

test.each([
  ['7', [7], ['7', true, undefined]],
  ['[DE, true, 3]', ['DE', true, 3], ['de', 'true', '3']],
  ['{ is: DE }', ['DE'], ['DEU']],
  ['{ prefix: Mob }', ['Mob', 'Mobile 7'], ['mobile', 'a Mobile', 5, undefined]],
  ['{ prefix: ["10.", 192.168.] }', ['10.0.0.1', '192.168.1.1'], ['110.0.0.1']],
  ['{ at_least: 18, below: 65 }', [18, '18.5', 64.9], [65, 17.9, 'old', '', undefined, true, NaN]],
  ['{ below: 0 }', [-1, '-1e9'], [0, '']],
  ['{ prefix: a, is: [ab, ba] }', ['ab'], ['ba', 'ac']],
])('%s', (text, passing, failing) => {
  const passes = compileTest(toTest(text), 'e/r')
  for (const value of passing) expect([value, passes(value)]).toEqual([value, true])
  for (const value of failing) expect([value, passes(value)]).toEqual([value, false])
})

describe('a percentage', () => {
  const units = Array.from({ length: 4000 }, (_, n) => `user ${n}`)
  const shareOf = (percent: number, salt = 'e/r') =>
    new Set(units.filter(compileTest({ share: percent / 100 }, salt)))

  test('is of the values, always the same ones, and grows by others', () => {
    const [ten, half] = [shareOf(10), shareOf(50)]
    // Four standard deviations of a binomial count: once in 10⁴.
    expect(Math.abs(ten.size - 400)).toBeLessThan(4 * Math.sqrt(4000 * 0.1 * 0.9))
    expect(Math.abs(half.size - 2000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25))
    expect(shareOf(10)).toEqual(ten)
    expect(ten.isSubsetOf(half)).toBe(true)
    expect(shareOf(100).size).toBe(4000)
    expect(compileTest({ share: 1 }, 'e/r')(undefined)).toBe(false)
  })

  test('is not of the same ones elsewhere', () => {
    const both = shareOf(50).intersection(shareOf(50, 'other/r')).size
    expect(Math.abs(both - 1000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25 * 0.75))
  })
})
