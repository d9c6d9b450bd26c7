import type { ContenderResult, Simulation } from '../simulation.ts'

/** A table of the literature, or of an independent simulator, that the policies are held to. */
export interface PublishedTable {
  readonly name: string
  readonly title: string
  readonly source: string
  /** What a reader has to know to make sense of the rows. */
  readonly note?: string
  /** Quick plays fewer runs, and leaves out what takes long. */
  plan(effort: Effort): TablePlan
}

export type Effort = 'quick' | 'full'

export interface TablePlan {
  /** By name. */
  readonly simulations: Readonly<Record<string, Simulation>>
  readonly rows: readonly Row[]
}

export interface Row {
  readonly label: string
  /** As printed in the paper. */
  readonly paper?: number
  /** By an independent simulator, with its standard error where that is known. */
  readonly reference: number
  readonly referenceError?: number
  /** True where anything better than the reference will do, too. */
  readonly atMost?: boolean
  /** Deviation allowed whatever the noise, as part of the reference. */
  readonly tolerance: number
  measure(find: Find): Measured
}

/** The result of a contender of one of the simulations, by names. */
export type Find = (simulation: string, label: string) => ContenderResult

export interface Measured {
  readonly value: number
  /** Standard error. */
  readonly error: number
}

/** Runs when in a hurry, and to be thorough. */
export const runsFor = (effort: Effort, quick: number, full: number): number =>
  effort === 'quick' ? quick : full

/** The regret of a contender after `decisions`, which must be one of the simulation's checkpoints. */
export function regretOf(simulation: string, label: string, decisions: number): (find: Find) => Measured {
  return (find) => {
    const { checkpoints, regret } = find(simulation, label)
    const { mean, error } = regret[checkpoints.indexOf(decisions)]!
    return { value: mean, error }
  }
}

/** a / b of independent estimates; the error is that of the first-order expansion. */
export function ratioOf(a: Measured, b: Measured): Measured {
  const value = a.value / b.value
  return { value, error: Math.abs(value) * Math.hypot(a.error / a.value, b.error / b.value) }
}
