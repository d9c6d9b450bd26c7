import type { LoadJob, LoadResult } from './load/job.ts'
import { median } from './median.ts'
import type { Contender, ContenderName } from './servers/contenders.ts'

export interface RoundsOptions {
  readonly connections: readonly number[]
  readonly rounds: number
  readonly seconds: number
  readonly load: (job: LoadJob & { readonly seconds: number }) => Promise<LoadResult>
}

/** Medians over the rounds. */
export interface PredictionFigures {
  readonly contender: ContenderName
  readonly connections: number
  readonly perSecond: number
  /** Of the round with the fewest and the one with the most requests. */
  readonly range: readonly [number, number]
  readonly p50Us: number
  readonly p99Us: number
  /** Throughput over that of the first contender in the same round. */
  readonly ratio: number
}

const warmUpSeconds = 1

/**
 * Each round lets every contender run once, one after the other (A B C, A B C, …), so that whatever else the
 * machine does for a while hits all of them alike, and is compared within itself.
 */
export const measurePredictions = async (
  contenders: readonly Contender[],
  { connections, rounds, seconds, load }: RoundsOptions,
): Promise<readonly PredictionFigures[]> => {
  for (const { request } of contenders) await load({ ...request, connections: 16, seconds: warmUpSeconds })

  const figures: PredictionFigures[] = []
  for (const count of connections) {
    const results = contenders.map((): LoadResult[] => [])
    for (let round = 0; round < rounds; round += 1) {
      for (const [at, { request }] of contenders.entries()) {
        results[at]!.push(await load({ ...request, connections: count, seconds }))
      }
    }
    const base = results[0]!.map(throughput)
    for (const [at, { name }] of contenders.entries()) {
      figures.push({ contender: name, connections: count, ...summarize(results[at]!, base) })
    }
  }
  return figures
}

const summarize = (
  results: readonly LoadResult[],
  base: readonly number[],
): Omit<PredictionFigures, 'contender' | 'connections'> => {
  const rates = results.map(throughput)
  return {
    perSecond: median(rates),
    range: [Math.min(...rates), Math.max(...rates)],
    p50Us: median(results.map(({ p50Us }) => p50Us)),
    p99Us: median(results.map(({ p99Us }) => p99Us)),
    ratio: median(rates.map((rate, round) => rate / base[round]!)),
  }
}

const throughput = ({ requests, seconds }: LoadResult): number => requests / seconds
