import { combined, type Combine } from './combine.ts'
import { rewardDelta, subtract } from '../beliefs/statistics.ts'

/**
 * Full information: a true label scores whatever answered the request, not only the arm whose answer went out. By the
 * name of what answered, its reward in micro-units.
 */
export type Observed = Readonly<Record<string, number>>

/** What an observation adds to the sums that are kept beside those of the arms. */
export interface ObservedDelta {
  readonly name: string
  readonly delta: Float64Array
}

/** Name under which a model is observed, in whatever part it ran. */
export function modelSubject(model: string): string {
  return `model:${model}`
}

/** Name under which the joint answer of an ensemble is observed. */
export function ensembleSubject(arm: string): string {
  return `arm:${arm}`
}

export function splitSubject(name: string): readonly [kind: 'model' | 'arm', name: string] {
  const at = name.indexOf(':')
  return [name.slice(0, at) as 'model' | 'arm', name.slice(at + 1)]
}

/** Both; of two that disagree the greater, so that order does not matter. */
export function union(a: Observed, b: Observed): Observed {
  const all: Record<string, number> = { ...a }
  for (const [name, micro] of Object.entries(b)) all[name] = Math.max(micro, all[name] ?? 0)
  return all
}

/** Whether `all` says what `some` says, and maybe more. */
export function isTold(some: Observed, all: Observed): boolean {
  return Object.entries(some).every(([name, micro]) => all[name] === micro)
}

export function canonical(observed: Observed): Observed {
  return Object.fromEntries(Object.entries(observed).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** One reward of several events for each name, by the rule that makes one for the arm; a name may be missing in some. */
export function combineObserved(events: readonly Observed[], combine: Combine, zeroMicro: number): Observed {
  const names = new Set(events.flatMap(Object.keys))
  return Object.fromEntries(
    Array.from(names, (name) => [
      name,
      combined(
        events.flatMap((event) => event[name] ?? []),
        combine,
        zeroMicro,
      ),
    ]),
  )
}

/**
 * What turns the sums of one set of observations into those of another; undefined where that is nothing. Each enters as
 * a reward does, see `statistics.ts`, but with no propensity: nobody chose it.
 */
export function observedDeltas(
  after: Observed,
  before: Observed,
  weight: number,
): readonly ObservedDelta[] | undefined {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  const deltas = names
    .filter((name) => after[name] !== before[name])
    .map((name) => ({ name, delta: subtract(sumsOf(after[name], weight), sumsOf(before[name], weight)) }))
  return deltas.length === 0 ? undefined : deltas
}

/** The first without the second; undefined where that is nothing. */
export function mergeDeltas(
  added: readonly ObservedDelta[] = [],
  taken: readonly ObservedDelta[] = [],
): readonly ObservedDelta[] | undefined {
  const names = [...new Set([...added, ...taken].map(({ name }) => name))]
  const of = (deltas: readonly ObservedDelta[], name: string) =>
    deltas.find((each) => each.name === name)?.delta ?? new Float64Array(5)
  const left = names
    .map((name) => ({ name, delta: subtract(of(added, name), of(taken, name)) }))
    .filter(({ delta }) => delta.some((value) => value !== 0))
  return left.length === 0 ? undefined : left
}

function sumsOf(micro: number | undefined, weight: number): Float64Array {
  return micro === undefined ? new Float64Array(5) : rewardDelta(micro, weight)
}
