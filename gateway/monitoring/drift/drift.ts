import type { Outputs } from '../../../bandit/index.ts'
import type { Tensor } from '../../../model-workers/protocol/types.ts'
import type { DriftConfig } from '../../config/endpoint-config.ts'
import type { Reference } from './bins.ts'
import type { CategoryCounter } from './category-counter.ts'
import type { References } from './reference-file.ts'
import { type Signal, valueInOutput, valueInTensor } from './signal.ts'
import { createWatcher, type Reading, type Watcher } from './watcher.ts'

/** Whether what an endpoint's arms are asked and what they answer is still what it was. */
export interface Drift {
  /** Costs what it takes to read one value a signal; a share of the predictions may be left out. */
  observed(arm: string, inputs: readonly Tensor[], outputs: Outputs): void
  view(): readonly DriftView[]
  /** What there is to compare with by now, as `drift.reference` takes it. */
  references(): References
}

export interface DriftView extends Reading {
  readonly arm: string
  readonly signal: string
  readonly side: Signal['side']
}

export interface DriftDeps {
  readonly settings: DriftConfig
  readonly arms: readonly string[]
  /** Read from the file that the settings name, if they do. */
  readonly references?: References | undefined
  readonly counter: CategoryCounter
  readonly clock: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
}

interface Watched {
  readonly signal: Signal
  readonly watcher: Watcher
}

export function createDrift({ settings, arms, references, counter, clock, random }: DriftDeps): Drift {
  const { sample, windowMs, threshold, first } = settings
  const watched = new Map(arms.map((arm) => [arm, settings.signals.map((signal) => watch(arm, signal))]))

  function watch(arm: string, signal: Signal): Watched {
    const reference = references?.[arm]?.[signal.side]?.[signal.name] ?? first
    return { signal, watcher: createWatcher({ reference, windowMs, threshold }) }
  }

  return {
    observed(arm, inputs, outputs) {
      const uniform = random()
      if (uniform >= sample) return
      const now = clock()
      for (const { signal, watcher } of watched.get(arm) ?? []) {
        const value = read(signal, inputs, outputs, uniform / sample)
        if (value === undefined) continue
        watcher.add(value, now)
        if (signal.side === 'output') counter.count(arm, signal.name, value)
      }
    },
    view() {
      const now = clock()
      return [...watched].flatMap(([arm, all]) =>
        all.map(({ signal: { name, side }, watcher }) => ({ arm, signal: name, side, ...watcher.read(now) })),
      )
    },
    references() {
      return Object.fromEntries(
        [...watched].map(([arm, all]) => [arm, { input: known(all, 'input'), output: known(all, 'output') }]),
      )
    },
  }
}

function read(signal: Signal, inputs: readonly Tensor[], outputs: Outputs, uniform: number) {
  if (signal.side === 'output') return valueInOutput(outputs[signal.tensor], signal, uniform)
  const tensor = inputs.find(({ name }) => name === signal.tensor)
  return tensor && valueInTensor(tensor, signal, uniform)
}

function known(watched: readonly Watched[], side: Signal['side']): Readonly<Record<string, Reference>> {
  return Object.fromEntries(
    watched.flatMap(({ signal, watcher }) => {
      const reference = watcher.reference()
      return signal.side === side && reference !== undefined ? [[signal.name, reference]] : []
    }),
  )
}
