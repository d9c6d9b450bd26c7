import { uniformFromText } from '../../bandit/index.ts'
import type { ValueTest } from '../config/rules/rules.ts'

/** Answers whether a value passes; undefined, where the request does not have it, never does. */
export type PassesTest = (value: unknown) => boolean

/**
 * A test made ready once.
 *
 * @param salt of the share: the same for all gateways, and another for each thing that is tested, so that a tenth of the
 *   keys of one endpoint are not a tenth of another one's too
 */
export function compileTest({ is, prefix, range, share }: ValueTest, salt: string): PassesTest {
  const tests: PassesTest[] = []
  if (is !== undefined) {
    const allowed: ReadonlySet<unknown> = new Set(is)
    tests.push((value) => allowed.has(value))
  }
  if (prefix !== undefined) {
    tests.push((value) => typeof value === 'string' && prefix.some((each) => value.startsWith(each)))
  }
  if (range !== undefined) {
    const { low, high } = range
    tests.push((value) => {
      const number = toNumber(value)
      return number >= low && number < high
    })
  }
  if (share !== undefined) {
    tests.push((value) => isScalar(value) && uniformFromText(salt, String(value)) < share)
  }
  const [only] = tests
  return tests.length === 1 ? only! : (value) => tests.every((passes) => passes(value))
}

/** NaN, which is in no range, for what is none. Headers are text. */
function toNumber(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
