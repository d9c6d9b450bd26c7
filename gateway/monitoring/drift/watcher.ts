import { binCount, createSorter, referenceOf, type Reference } from './bins.ts'
import { stabilityOf, sumOf, type Stability } from './psi.ts'
import type { Value } from './signal.ts'
import { createWindow, type Window } from './window.ts'

/** One signal of one arm: what it was like, and what it is like in the last window. */
export interface Watcher {
  add(value: Value, now: number): void
  read(now: number): Reading
  /** What it was like; undefined while that is still being gathered. */
  reference(): Reference | undefined
}

export interface Reading {
  /** Values in the reference, or gathered for it. */
  readonly reference: number
  /** Values in the window. */
  readonly samples: number
  /** Undefined while there are too few values for a judgement. */
  readonly stability: Stability | undefined
  readonly drifted: boolean
}

export interface WatcherOptions {
  /** Known beforehand, or else how many of the first values become it. */
  readonly reference: Reference | number
  readonly windowMs: number
  readonly threshold: number
}

/** What has not changed is called drifted in at most one of so many windows, whatever the threshold. */
const chance = 0.0001

export function createWatcher({ reference: given, windowMs, threshold }: WatcherOptions): Watcher {
  const gathered: Value[] = []
  let compared = typeof given === 'number' ? undefined : compareWith(given)
  let drifted = false

  function compareWith(reference: Reference): Compared {
    const { bins } = reference
    return { reference, binOf: createSorter(bins), window: createWindow(binCount(bins), windowMs) }
  }

  function gather(value: Value, enough: number): void {
    gathered.push(value)
    if (gathered.length < enough) return
    compared = compareWith(referenceOf(gathered))
    gathered.length = 0
  }

  return {
    add(value, now) {
      if (compared !== undefined) compared.window.add(compared.binOf(value), now)
      else if (typeof given === 'number') gather(value, given)
    },
    read(now) {
      if (compared === undefined) {
        return { reference: gathered.length, samples: 0, stability: undefined, drifted: false }
      }
      const { counts } = compared.reference
      const current = compared.window.counts(now)
      const stability = stabilityOf(counts, current)
      if (stability !== undefined) drifted = isDrifted(stability, threshold, drifted)
      return { reference: sumOf(counts), samples: sumOf(current), stability, drifted }
    },
    reference: () => compared?.reference,
  }
}

interface Compared {
  readonly reference: Reference
  readonly binOf: (value: Value) => number
  readonly window: Window
}

/** Once found it is over below half of the threshold, so that what lies at it is not told again and again. */
function isDrifted({ psi, pValue }: Stability, threshold: number, before: boolean): boolean {
  return before ? psi >= threshold / 2 : psi >= threshold && pValue < chance
}
