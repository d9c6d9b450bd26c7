import type { ArmState, EndpointState, OpenBucket } from '../store/store.ts'

/** An arm whose statistics are kept apart for each version of its model. */
export interface VersionedArm {
  readonly name: string
  /** What its model is served in now; undefined while that is not known. */
  readonly version?: (() => string | undefined) | undefined
  /** Absent = its statistics go on through all versions. */
  readonly onNewVersion?: OnNewVersion | undefined
}

export interface OnNewVersion {
  /** What a reward of another version counts: 0 = nothing, 1 = as much as its own. */
  readonly inherit: number
}

/**
 * An edition is an arm in one version of its model. The store keeps the sums of each under a name of its own, so that a
 * reward goes to the version that earned it whenever it comes, gateways may change versions at different moments, and
 * whoever goes back to a version finds what it had learned.
 */
export interface Editions {
  /** Name of the edition; the arm's own where its statistics go on, or the version is not known. */
  nameOf(arm: number, version: string | undefined): string
  /** By arm, what its edition of now has learned, and what others have by the weight that they have for it. */
  weigh(state: EndpointState): EndpointState
  /** By arm, all that its editions have together. */
  whole(state: EndpointState): EndpointState
  /** By arm, what its edition of now has alone. */
  own(state: EndpointState): EndpointState
  /** Whether an arm is served in another version than when `weigh` was called last. */
  changed(): boolean
}

/** Names of arms have none. */
const separator = '@'

/** Whose edition it is. */
export function armOfEdition(name: string): string {
  const at = name.indexOf(separator)
  return at < 0 ? name : name.slice(0, at)
}

export function createEditions(arms: readonly VersionedArm[]): Editions {
  const rules = arms.flatMap(({ name, version, onNewVersion }, index) =>
    onNewVersion === undefined ? [] : [{ name, version, index, inherit: onNewVersion.inherit }],
  )
  let weighed: readonly (string | undefined)[] = []
  const versionsNow = () => rules.map(({ version }) => version?.())

  function nameOf(arm: number, version: string | undefined): string {
    const { name, onNewVersion } = arms[arm]!
    return onNewVersion === undefined || version === undefined ? name : `${name}${separator}${version}`
  }

  /** With the editions of each arm together, those that are not served now by `weightOf`. */
  function gather(state: EndpointState, weightOf: (rule: (typeof rules)[number]) => number): EndpointState {
    if (rules.length === 0) return state
    const all = new Map(state.arms)
    for (const rule of rules) {
      const now = nameOf(rule.index, rule.version?.())
      const weight = weightOf(rule)
      const parts = [...state.arms]
        .filter(([name]) => armOfEdition(name) === rule.name)
        .map(([name, part]) => ({ part, weight: name === now ? 1 : weight }))
        .filter((each) => each.weight > 0)
      if (parts.length === 0) all.delete(rule.name)
      else all.set(rule.name, addUp(parts))
    }
    return { ...state, arms: all }
  }

  return {
    nameOf,
    weigh(state) {
      weighed = versionsNow()
      return gather(state, ({ inherit }) => inherit)
    },
    whole: (state) => gather(state, () => 1),
    own: (state) => gather(state, () => 0),
    changed: () => rules.some(({ version }, at) => version?.() !== weighed[at]),
  }
}

interface Part {
  readonly part: ArmState
  readonly weight: number
}

function addUp(parts: readonly Part[]): ArmState {
  const [first, ...others] = parts
  if (others.length === 0 && first!.weight === 1) return first!.part
  const total = (key: keyof ArmState['totals']) =>
    parts.reduce((sum, { part, weight }) => sum + weight * part.totals[key], 0)
  return {
    epochs: sumBy(parts, ({ epochs }) => epochs, addVectors),
    held: sumBy(parts, ({ held }) => held, addVectors),
    open: sumBy(parts, ({ open }) => open, addCounts),
    totals: {
      pulls: total('pulls'),
      rewarded: total('rewarded'),
      voided: total('voided'),
      defaulted: total('defaulted'),
      writtenOff: total('writtenOff'),
    },
  }
}

/** By epoch or bucket, rising. */
function sumBy<Value>(
  parts: readonly Part[],
  of: (part: ArmState) => ReadonlyMap<number, Value>,
  add: (sum: Value | undefined, value: Value, weight: number) => Value,
): Map<number, Value> {
  const sums = new Map<number, Value>()
  for (const { part, weight } of parts)
    for (const [at, value] of of(part)) sums.set(at, add(sums.get(at), value, weight))
  return new Map([...sums].toSorted(([a], [b]) => a - b))
}

function addVectors(sum: Float64Array | undefined, vector: Float64Array, weight: number): Float64Array {
  const all = new Float64Array(Math.max(vector.length, sum?.length ?? 0))
  if (sum !== undefined) all.set(sum)
  for (let at = 0; at < vector.length; at++) all[at]! += weight * vector[at]!
  return all
}

function addCounts(
  { pulls, rewarded, voided }: OpenBucket = { pulls: 0, rewarded: 0, voided: 0 },
  more: OpenBucket,
  weight: number,
): OpenBucket {
  return {
    pulls: pulls + weight * more.pulls,
    rewarded: rewarded + weight * more.rewarded,
    voided: voided + weight * more.voided,
  }
}
