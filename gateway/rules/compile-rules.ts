import type { Context } from '../../bandit/index.ts'
import type { RuleConfig, ValueTest } from '../config/rules/rules.ts'
import { compileTest } from './compile-test.ts'

/** What a rule may look at. */
export interface RuleFacts {
  readonly header: (name: string) => string | undefined
  readonly context: Context | undefined
  readonly unit: string | undefined
}

/** What the first rule that fits makes of a request. */
export type Ruling =
  | {
      readonly kind: 'arms'
      readonly rule: string
      /** The arms that it leaves out. */ readonly masked: ReadonlySet<string>
    }
  | { readonly kind: 'endpoint'; readonly rule: string; readonly endpoint: string }

/** One arm that the caller names; all others are left out. */
export interface Pin {
  readonly kind: 'pinned'
  readonly arm: string
  readonly masked: ReadonlySet<string>
  /** Whether the prediction is a pull, whose feedback is learned. */
  readonly isLearned: boolean
}

type Test = (facts: RuleFacts) => boolean

/**
 * Rules of an endpoint with these arms, made ready once; undefined is answered where none fits.
 *
 * @param endpoint whose shares of keys are its own
 */
export function compileRules(
  rules: readonly RuleConfig[],
  arms: readonly string[],
  endpoint: string,
): (facts: RuleFacts) => Ruling | undefined {
  const compiled = rules.map((rule) => ({ tests: testsOf(rule, endpoint), ruling: rulingOf(rule, arms) }))
  return (facts) => compiled.find(({ tests }) => tests.every((test) => test(facts)))?.ruling
}

function testsOf({ name: rule, when: { header, context, key } }: RuleConfig, endpoint: string): Test[] {
  const tests: Test[] = []
  const compile = (test: ValueTest) => compileTest(test, `${endpoint}/${rule}`)
  for (const [name, test] of Object.entries(header)) {
    const passes = compile(test)
    tests.push((facts) => passes(facts.header(name)))
  }
  for (const [name, test] of Object.entries(context)) {
    const passes = compile(test)
    // Callers choose the names of their context, and `constructor` is on every object.
    tests.push(
      (facts) =>
        facts.context !== undefined && Object.hasOwn(facts.context, name) && passes(facts.context[name]),
    )
  }
  if (key !== undefined) {
    const passes = compile(key)
    tests.push(({ unit }) => passes(unit))
  }
  return tests
}

function rulingOf({ name, action }: RuleConfig, arms: readonly string[]): Ruling {
  if (action.kind === 'endpoint') return { kind: 'endpoint', rule: name, endpoint: action.endpoint }
  return { kind: 'arms', rule: name, masked: new Set(arms.filter((arm) => !action.arms.includes(arm))) }
}
