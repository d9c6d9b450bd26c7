export interface Candidate {
  readonly score: number
  /** Undefined = of no group, which is never capped. */
  readonly capGroup: string | undefined
  readonly exposureGroup: string | undefined
  /** Undefined ones are like nothing. */
  readonly traits: readonly (string | undefined)[]
}

export interface SlateRules {
  readonly k: number
  /** Of maximal marginal relevance: 1 = by score alone. */
  readonly lambda: number
  readonly most: number
  /** Least share of any first places. */
  readonly least: ReadonlyMap<string, number>
}

/**
 * Rows of the candidates that are shown, in order.
 *
 * Each place goes to the candidate with the greatest λ·score − (1 − λ)·(greatest likeness to one above), maximal
 * marginal relevance (Carbonell and Goldstein 1998), likeness being the share of traits that agree. No group takes more
 * than `most` places. Of any first n places a group g has ⌊n·least_g⌋ as long as it has candidates: a place is kept for
 * groups in need as soon as there are no more places up to some n than they still need (earliest deadline first).
 */
export function buildSlate(candidates: readonly Candidate[], rules: SlateRules): number[] {
  const left = new Set(candidates.keys())
  const likeness = new Float64Array(candidates.length)
  const capped = new Map<string, number>()
  const exposed = new Map<string, number>()
  const slate: number[] = []
  while (slate.length < rules.k) {
    const allowed = [...left].filter((row) => {
      const group = candidates[row]!.capGroup
      return group === undefined || (capped.get(group) ?? 0) < rules.most
    })
    const needy = groupsInNeed(allowed, candidates, exposed, slate.length, rules)
    const pool = allowed.filter((row) => needy?.has(candidates[row]!.exposureGroup) ?? true)
    const row = best(pool.length > 0 ? pool : allowed, candidates, likeness, rules.lambda)
    if (row === undefined) break
    slate.push(row)
    left.delete(row)
    const { capGroup, exposureGroup, traits } = candidates[row]!
    count(capped, capGroup)
    count(exposed, exposureGroup)
    if (rules.lambda === 1) continue
    for (const other of left)
      likeness[other] = Math.max(likeness[other]!, alike(traits, candidates[other]!.traits))
  }
  return slate
}

/** The groups that the next place is kept for; undefined where it is free. */
function groupsInNeed(
  allowed: readonly number[],
  candidates: readonly Candidate[],
  exposed: ReadonlyMap<string, number>,
  filled: number,
  { k, least }: SlateRules,
): ReadonlySet<string | undefined> | undefined {
  if (least.size === 0) return undefined
  const supply = new Map<string, number>()
  for (const row of allowed) count(supply, candidates[row]!.exposureGroup)
  for (let places = filled + 1; places <= k; places++) {
    const needs = [...least].map(([group, share]) => {
      // A hair above, so that a share of 0.3 gives three of ten.
      const due = Math.floor(places * share + 1e-9) - (exposed.get(group) ?? 0)
      return [group, Math.max(0, Math.min(due, supply.get(group) ?? 0))] as const
    })
    const needed = needs.reduce((sum, [, need]) => sum + need, 0)
    if (needed > 0 && needed >= places - filled) {
      return new Set(needs.filter(([, need]) => need > 0).map(([group]) => group))
    }
  }
  return undefined
}

function best(
  pool: readonly number[],
  candidates: readonly Candidate[],
  likeness: Float64Array,
  lambda: number,
): number | undefined {
  const worth = (row: number) => lambda * candidates[row]!.score - (1 - lambda) * likeness[row]!
  let winner: number | undefined
  for (const row of pool) if (winner === undefined || worth(row) > worth(winner)) winner = row
  return winner
}

function alike(one: Candidate['traits'], other: Candidate['traits']): number {
  const agreed = one.filter((trait, at) => trait !== undefined && trait === other[at]).length
  return agreed / one.length
}

function count(counts: Map<string, number>, group: string | undefined): void {
  if (group !== undefined) counts.set(group, (counts.get(group) ?? 0) + 1)
}
