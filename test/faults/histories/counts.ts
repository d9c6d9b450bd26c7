import type { ArmState } from '../../../bandit/store/store.ts'

/** What is compared of an arm. */
export interface Counts {
  readonly pulls: number
  readonly rewarded: number
  readonly voided: number
  readonly pending: number
  readonly writtenOff: number
  /** Number of the rewards, their sum and that of their squares. */
  readonly sums: readonly number[]
}

export function countsOf(arm: ArmState | undefined): Counts {
  const { pulls = 0, rewarded = 0, voided = 0, writtenOff = 0 } = arm?.totals ?? {}
  const vectors = [...(arm?.epochs.values() ?? [])]
  const open = [...(arm?.open.values() ?? [])]
  const pending = open.reduce((sum, each) => sum + Math.max(0, each.pulls - each.rewarded - each.voided), 0)
  const sums = [0, 1, 2].map((at) => vectors.reduce((sum, each) => sum + each[at]!, 0) / 1e6)
  return { pulls, rewarded, voided, pending, writtenOff, sums }
}
