import type { CrossFault } from '../cross-fault.ts'
import { nearest } from '../reading/nearest.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, isRaw, partOf, type Raw } from '../reading/raw.ts'

const actions = ['arm', 'arms', 'endpoint'] as const

/** The rules of an endpoint against the arms and endpoints that there are. */
export function* checkRules(
  path: Path,
  endpoint: unknown,
  endpoints: readonly string[],
): Iterable<CrossFault> {
  const rules = partOf(endpoint, 'rules')
  if (!Array.isArray(rules)) return
  const arms = entriesOf(endpoint, 'arms').map(([name]) => name)
  const context = partOf(endpoint, 'context')
  const features = context === undefined ? undefined : entriesOf(context, 'features').map(([name]) => name)
  const own = String(path.at(-1))
  for (const [at, rule] of (rules as unknown[]).entries()) {
    if (isRaw(rule)) yield* checkRule([...path, 'rules', at], rule, { arms, endpoints, features, own })
  }
}

interface Names {
  readonly arms: readonly string[]
  readonly endpoints: readonly string[]
  /** That requests may say of themselves; undefined = any. */
  readonly features: readonly string[] | undefined
  readonly own: string
}

function* checkRule(path: Path, rule: unknown, names: Names): Iterable<CrossFault> {
  const { arms, endpoints, features, own } = names
  const given = actions.filter((action) => partOf(rule, action) !== undefined)
  if (given.length !== 1) {
    yield {
      path,
      message: 'a rule leads to an arm, to some arms or to an endpoint: give one of arm, arms, endpoint',
    }
  }
  const when = partOf(rule, 'when')
  if (isRaw(when) && !Object.values(when).some((test) => test !== undefined && !isEmpty(test))) {
    yield { path: [...path, 'when'], message: 'it would fit every request: add header, context or key' }
  }
  for (const [test, at] of testsIn(when)) yield* checkTest([...path, 'when', ...at], test)
  // Another endpoint may know of what this one refuses.
  if (features !== undefined && partOf(rule, 'endpoint') === undefined) {
    for (const [name] of entriesOf(when, 'context')) {
      if (features.includes(name)) continue
      const near = nearest(name, features)
      const mend = near === undefined ? `there are ${features.join(', ')}` : `did you mean ${near}?`
      const message = `no request has ${name}, as the context of the endpoint does not: ${mend}`
      yield { path: [...path, 'when', 'context', name], message, atKey: true }
    }
  }
  const arm = partOf(rule, 'arm')
  if (typeof arm === 'string') yield* checkName([...path, 'arm'], 'arm', arm, arms)
  const some = partOf(rule, 'arms')
  if (Array.isArray(some)) {
    for (const [at, name] of (some as unknown[]).entries()) {
      if (typeof name === 'string') yield* checkName([...path, 'arms', at], 'arm', name, arms)
    }
  }
  const endpoint = partOf(rule, 'endpoint')
  if (endpoint === own) {
    yield { path: [...path, 'endpoint'], message: 'it leads back to where it is: name another endpoint' }
  } else if (typeof endpoint === 'string') {
    yield* checkName([...path, 'endpoint'], 'endpoint', endpoint, endpoints)
  }
}

/** Every test that is more than values, and where it stands. */
function* testsIn(when: unknown): Iterable<readonly [test: Raw, at: readonly string[]]> {
  for (const side of ['header', 'context'])
    for (const [name, test] of entriesOf(when, side)) if (isRaw(test)) yield [test, [side, name]]
  const key = partOf(when, 'key')
  if (isRaw(key)) yield [key, ['key']]
}

function* checkTest(path: Path, test: Raw): Iterable<CrossFault> {
  if (isEmpty(test)) {
    yield { path, message: 'it asks for nothing: give is, prefix, at_least, below or percent' }
  }
  const { at_least: low, below: high } = test
  if (typeof low === 'number' && typeof high === 'number' && low >= high) {
    yield {
      path,
      message: `there is no number from ${low} on and below ${high}: give a greater one for below`,
    }
  }
}

function isEmpty(test: unknown): boolean {
  return isRaw(test) && Object.keys(test).length === 0
}

function* checkName(path: Path, what: string, name: string, names: readonly string[]): Iterable<CrossFault> {
  if (names.includes(name)) return
  const near = nearest(name, names)
  const mend = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`
  yield { path, message: `there is no ${what} ${JSON.stringify(name)}: ${mend}` }
}
