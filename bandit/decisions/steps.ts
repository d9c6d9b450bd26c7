import { withCaps, withFloors } from './distribution.ts'
import type { Shares } from './propensities.ts'

/** How quickly shares may move: that of no arm by more than `share`, in (0, 1], within `perMs`. */
export interface MaxStep {
  readonly share: number
  readonly perMs: number
}

/** What the policy gives to some arms, within the floors and caps that hold just now. */
export interface Wanted {
  readonly distribution: Float64Array
  readonly shares: Shares
  /** Pulls that it was asked with; where the policy looks at them. */
  readonly pending: Float64Array | undefined
}

/** A distribution on its way: `from` moved towards `wanted`, by `most` for the arm that has the farthest to go. */
export interface Held {
  readonly from: Float64Array
  readonly wanted: Float64Array
  readonly most: number
}

/** What arms are drawn from. */
export interface Stepped extends Pick<Wanted, 'distribution' | 'pending'> {
  /** Absent where the distribution is the one that is wanted. */
  readonly held?: Held
}

/**
 * Lets shares move by steps, from one look at the store to the next. Arms that are taken out, and floors and caps, hold
 * at once. Every set of arms that is drawn from has its own distribution, since who is masked by an outage or a rule
 * must not free the others of their steps.
 */
export interface Steps {
  /** Before the first look: where all arms were, each by its name; else what is wanted then is where they begin. */
  begin(shares: ReadonlyMap<string, number>): void
  /** A look at `at`, in ms, from which on some or all of `all` can be drawn from. */
  look(at: number, all: readonly string[], want: (arms: readonly string[]) => Wanted): void
  /** Of some or all of them, at least one. */
  of(arms: readonly string[]): Stepped
}

/** While the store was away nothing moved, and nothing is made up for when it is back. */
const longestMs = 1000

/** Sets that are moved along though nobody was drawn from them in between, and for how long. */
const mostSets = 8
const keptMs = 60_000

interface Spread {
  readonly arms: readonly string[]
  readonly distribution: Float64Array
}

interface Place extends Stepped, Spread {
  metAt: number
}

export function createSteps({ share, perMs }: MaxStep, { mostMs } = { mostMs: longestMs }): Steps {
  let lookedAt: number | undefined
  let most = 0
  let want: (arms: readonly string[]) => Wanted
  /** Where all arms were before the newest look, for sets that were not anywhere yet. */
  let origin: Spread | undefined
  let whole: Spread | undefined
  let before = new Map<string, Place>()
  let places = new Map<string, Place>()

  function place(arms: readonly string[], metAt: number): Place {
    const own: Place = { ...step(arms, want(arms)), arms, metAt }
    places.set(arms.join('/'), own)
    return own
  }

  function step(arms: readonly string[], wanted: Wanted): Stepped {
    if (arms.length === 1) return wanted
    const was = before.get(arms.join('/'))?.distribution ?? (origin && startFrom(origin, arms, wanted))
    if (was === undefined) return wanted
    const held = { from: within(was, wanted.shares), wanted: wanted.distribution, most }
    const distribution = stepTowards(held)
    return { distribution, pending: wanted.pending, ...(distribution !== held.wanted && { held }) }
  }

  return {
    begin(shares) {
      whole = { arms: [...shares.keys()], distribution: Float64Array.from(shares.values()) }
    },
    look(at, all, asked) {
      const passedMs = lookedAt === undefined ? 0 : Math.max(0, Math.min(at - lookedAt, mostMs))
      most = (share * passedMs) / perMs
      lookedAt = at
      want = asked
      origin = whole
      before = places
      places = new Map()
      // An arm that is paused or resumed leaves the others what they had among all, and not what an outage of it left once.
      if (all.join('/') !== origin?.arms.join('/')) before.delete(all.join('/'))
      if (all.length > 0) whole = place(all, at)
      const lately = [...before.values()].filter(
        ({ arms, metAt }) =>
          at - metAt < keptMs && arms.length < all.length && arms.every((name) => all.includes(name)),
      )
      for (const { arms, metAt } of lately.toSorted((a, b) => b.metAt - a.metAt).slice(0, mostSets))
        place(arms, metAt)
    },
    of(arms) {
      const own = places.get(arms.join('/')) ?? place(arms, lookedAt!)
      own.metAt = lookedAt!
      return own
    },
  }
}

/**
 * from + λ (wanted − from) with the largest λ in [0, 1] by which no arm moves more than `most`: it is a distribution, and
 * within every floor and cap that both ends are within. The wanted one itself where λ is 1.
 */
export function stepTowards({ from, wanted, most }: Held): Float64Array {
  let farthest = 0
  for (let at = 0; at < wanted.length; at++) farthest = Math.max(farthest, Math.abs(wanted[at]! - from[at]!))
  if (farthest <= most) return wanted
  const part = most / farthest
  return wanted.map((share, at) => from[at]! + part * (share - from[at]!))
}

/**
 * Each arm keeps what it had among all; what the others had, who are out, goes to those that are left as the policy
 * wants it: had_i + (1 − Σ had) · wanted_i. An arm that was not there begins with nothing.
 */
function startFrom(
  { arms: all, distribution }: Spread,
  arms: readonly string[],
  wanted: Wanted,
): Float64Array {
  const had = arms.map((name) => distribution[all.indexOf(name)] ?? 0)
  const lost = Math.max(0, 1 - had.reduce((sum, share) => sum + share, 0))
  return wanted.distribution.map((share, at) => Math.min(1, had[at]! + lost * share))
}

/** What is said of shares counts at once. */
function within(distribution: Float64Array, { floors, caps }: Shares): Float64Array {
  const isAbove = distribution.every((share, at) => share >= floors[at]!)
  const floored = isAbove ? distribution : withFloors(distribution, floors)
  return caps === undefined ? floored : withCaps(floored, caps)
}
