import type { Identification } from '../../bandit/index.ts'
import type { Events } from './events.ts'

export interface SearchedEndpoint {
  readonly name: string
  /** Undefined where nobody asked for the best arm, or nothing has been read of it yet. */
  readonly agent: { identification(): Identification | undefined }
}

/**
 * Looks again and again at whether the best arm of an endpoint has been found, and tells when the verdict changes. The
 * verdict that is there at the start was told when it came.
 */
export function watchWinner(
  { name: endpoint, agent }: SearchedEndpoint,
  { emit }: Pick<Events, 'emit'>,
): () => void {
  let told: { readonly winner: string | undefined } | undefined

  return () => {
    const verdict = agent.identification()
    if (verdict === undefined) return
    const { decided, leader, statistic, threshold } = verdict
    const winner = decided ? leader : undefined
    const before = told
    told = { winner }
    if (before === undefined || before.winner === winner) return
    const facts = { statistic, threshold }
    if (before.winner !== undefined) {
      const detail = `arm ${before.winner} is no longer known to be the best: later rewards speak against it`
      emit({ kind: 'winner_lost', endpoint, arm: before.winner, detail, facts })
    }
    if (winner !== undefined) {
      const detail = `arm ${winner} is the best one, with the confidence that was asked for`
      emit({ kind: 'winner_found', endpoint, arm: winner, detail, facts })
    }
  }
}
