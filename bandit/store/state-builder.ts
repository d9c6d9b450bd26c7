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
    build(version, born) {
      const sortedArms = new Map([...arms].map(([arm, parts]) => [arm, sorted(parts)]))
      const sortedObserved = new Map([...observed].map(([name, epochs]) => [name, rising(epochs)]))
      const state = { version, arms: sortedArms, observed: sortedObserved }
      return born === undefined ? state : { ...state, born }
    },
  }
}

function sorted({ epochs, open, held, totals }: ArmParts): ArmState {
  return { epochs: rising(epochs), open: rising(open), held: rising(held), totals }
}

/** What is weighed and added up one after another comes out the same to the last bit only in the same order. */
function rising<Value>(map: ReadonlyMap<number, Value>): Map<number, Value> {
  return new Map([...map].toSorted(([a], [b]) => a - b))
}
