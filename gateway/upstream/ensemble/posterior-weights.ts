import { modelSubject } from '../../../bandit/index.ts'

interface Score {
  readonly count: number
  readonly sum: number
}

/**
 * Weights of an ensemble's members by how often they were right: −ln(1 − p), p being the posterior mean of a member's
 * accuracy under Beta(1, 1). Where members err apart from each other, ln p − ln(1 − p) is best (Nitzan and Paroush,
 * "Optimal decision rules in uncertain dichotomous choice situations", 1982); without ln p it is nearly the same for
 * good members and never below 0 for bad ones. Before the first label all are alike. Computed once a snapshot.
 */
export function posteriorWeights(
  models: readonly string[],
  scores: () => ReadonlyMap<string, Score>,
): () => readonly number[] {
  let known: ReadonlyMap<string, Score> | undefined
  let weights: readonly number[] = []
  return () => {
    const newest = scores()
    if (newest !== known) {
      known = newest
      weights = models.map((model) => weightOf(newest.get(modelSubject(model))))
    }
    return weights
  }
}

function weightOf({ count, sum }: Score = { count: 0, sum: 0 }): number {
  return Math.log((count + 2) / (count - sum + 1))
}
