import type { Results } from './results.ts'
import type { ContenderName } from './servers/contenders.ts'

export interface Goal {
  readonly what: string
  readonly wanted: string
  readonly measured: string
  readonly met: boolean
}

/** The figures that the design promises, as far as they were measured. */
export const checkGoals = ({ predictions, feedback, decisions, contextual }: Results): readonly Goal[] => [
  ...predictions.flatMap(({ model, figures }) => {
    const find = (contender: ContenderName, connections: number) =>
      figures.find((row) => row.contender === contender && row.connections === connections)
    const ratio = (contender: ContenderName, connections: number, least: number): readonly Goal[] => {
      const row = find(contender, connections)
      const what = `${contender} at ${connections} connections, ${model.name}`
      return row ? [atLeast(what, row.ratio, least, (value) => `${value.toFixed(2)} ×`)] : []
    }
    const [gateway, worker] = [find('gateway, signed ledger', 1), find('model worker', 1)]
    const added = gateway && worker ? gateway.p50Us - worker.p50Us : undefined
    return [
      ...(model.callUs < 50
        ? [
            ...ratio('gateway, signed ledger', 64, 1),
            ...ratio('gateway, signed ledger', 16, 0.8),
            ...ratio('gateway, stored in Redis', 64, 0.75),
          ]
        : ratio('gateway, signed ledger', 64, 1.3)),
      ...(added === undefined
        ? []
        : [atMost(`median latency added to the worker's own, ${model.name}`, added, 150, micros)]),
    ]
  }),
  ...feedback.flatMap(({ store, singlePerSecond, linesPerSecond }) => [
    atLeast(`feedback one by one, ${store}`, singlePerSecond, 5_000, perSecond),
    atLeast(`feedback in NDJSON batches, ${store}`, linesPerSecond, 20_000, perSecond),
  ]),
  ...decisions.map(({ arms, decisionUs }) => atMost(`decision among ${arms} arms`, decisionUs, 1, micros)),
  ...decisions
    .filter(({ arms }) => arms === 100)
    .map(({ distributionUs }) => atMost('distribution of 100 Thompson arms', distributionUs, 5_000, micros)),
  ...contextual.map(({ policy, arms, dimension, decisionUs }) =>
    atMost(`${policy} decision among ${arms} arms by ${dimension} numbers`, decisionUs, 50, micros),
  ),
]

type Format = (value: number) => string

const atLeast = (what: string, value: number, least: number, format: Format): Goal => ({
  what,
  wanted: `≥ ${format(least)}`,
  measured: format(value),
  met: value >= least,
})

const atMost = (what: string, value: number, most: number, format: Format): Goal => ({
  what,
  wanted: `≤ ${format(most)}`,
  measured: format(value),
  met: value <= most,
})

const micros: Format = (value) => `${value < 10 ? value.toFixed(2) : Math.round(value)} µs`
const perSecond: Format = (value) => `${Math.round(value)} /s`
