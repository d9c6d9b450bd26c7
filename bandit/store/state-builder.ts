import type { ArmState, ArmTotals, EndpointState, OpenBucket } from './store.ts'

/** Stands before what was observed, where its sums are kept among those of the arms. */
export const observedPrefix = '@'

export interface StateBuilder {
  epoch(arm: string, epoch: number, sums: Float64Array): void
  open(arm: string, bucket: number, count: Partial<OpenBucket>): void
  held(arm: string, bucket: number, sums: Float64Array): void
  totals(arm: string, totals: Partial<ArmTotals>): void
  build(version: number, born?: number): EndpointState
}

interface ArmParts extends ArmState {
  readonly epochs: Map<number, Float64Array>
  readonly open: Map<number, OpenBucket>
  readonly held: Map<number, Float64Array>
  totals: ArmTotals
}

/** Puts an endpoint's state together from rows in any order. */
export function createStateBuilder(): StateBuilder {
  const arms = new Map<string, ArmParts>()
  const observed = new Map<string, Map<number, Float64Array>>()

  function of(arm: string): ArmParts {
    let parts = arms.get(arm)
    if (parts === undefined) {
      const totals = { pulls: 0, rewarded: 0, voided: 0, defaulted: 0, writtenOff: 0 }
      arms.set(arm, (parts = { epochs: new Map(), open: new Map(), held: new Map(), totals }))
    }
    return parts
  }

  function observe(name: string, epoch: number, sums: Float64Array): void {
    const epochs = observed.get(name) ?? new Map<number, Float64Array>()
    observed.set(name, epochs.set(epoch, sums))
  }

  return {
    epoch(arm, epoch, sums) {
      if (arm.startsWith(observedPrefix)) observe(arm.slice(observedPrefix.length), epoch, sums)
      else of(arm).epochs.set(epoch, sums)
    },
    open(arm, bucket, count) {
      const { open } = of(arm)
      open.set(bucket, { pulls: 0, rewarded: 0, voided: 0, ...open.get(bucket), ...count })
    },
    held(arm, bucket, sums) {
      if (!arm.startsWith(observedPrefix)) of(arm).held.set(bucket, sums)
    },
    totals(arm, totals) {
      const parts = of(arm)
      parts.totals = { ...parts.totals, ...totals }
    },
    build: (version, born) => ({ version, arms, observed, ...(born !== undefined && { born }) }),
  }
}
