import type { Evaluation } from '../../bandit/index.ts'
import { table, type Column } from '../demo/display/table.ts'

/** What `bandit evaluate` has found out. Times in ms since 1970. */
export interface Report {
  readonly endpoint: string
  readonly generation: string
  /** That made the decisions of the log. */
  readonly policies: readonly string[]
  /** Decisions under earlier definitions of the reward. */
  readonly outdated: number
  readonly from: number
  readonly to: number
  readonly confidence: number
  readonly maxWeight: number
  readonly seed: number
  readonly evaluations: readonly Evaluation[]
}

type Interval = readonly [number, number]

interface Row {
  readonly name: string
  readonly value: number
  readonly interval: Interval
  readonly bernstein: Interval | undefined
}

export function reportLines(report: Report): string[] {
  const [first] = report.evaluations
  const head = [
    `${report.endpoint} from ${time(report.from)} to ${time(report.to)}, decided by ${report.policies.join(', ')}`,
    ...(first === undefined ? [] : [countsLine(first, report)]),
  ]
  return [...head, ...report.evaluations.flatMap((evaluation) => evaluationLines(evaluation, report))]
}

function countsLine({ decisions, units, unrewarded, open }: Evaluation, { outdated }: Report): string {
  const left = [
    `${count(unrewarded)} never rewarded`,
    `${count(open)} still open`,
    ...(outdated > 0 ? [`${count(outdated)} under an earlier definition of the reward`] : []),
  ]
  const ofKeys = units === undefined ? '' : ` of ${count(units)} keys that stayed with their arms`
  return `${count(decisions)} decisions with a reward${ofKeys}; left out: ${left.join(', ')}`
}

function evaluationLines(evaluation: Evaluation, { confidence, seed }: Report): string[] {
  const { target, estimates, logged, weights, support, refusals, resamples } = evaluation
  const level = `${Number((confidence * 100).toPrecision(4))} %`
  const rows: Row[] = [{ name: 'the log itself', ...logged, bernstein: undefined }, ...estimates]
  const columns: Column<Row>[] = [
    { title: 'estimator', width: 15, align: 'left', cell: ({ name }) => name },
    { title: 'value', width: 10, align: 'right', cell: ({ value }) => number(value) },
    { title: `${level} bootstrap`, width: 24, align: 'right', cell: ({ interval }) => pair(interval) },
    {
      title: `${level} emp. Bernstein`,
      width: 24,
      align: 'right',
      cell: ({ bernstein }) => (bernstein === undefined ? '' : pair(bernstein)),
    },
  ]
  return [
    '',
    target,
    `  effective sample size ${number(weights.effective)} · mean weight ${number(weights.mean)} · greatest ${number(weights.max)} · unknown to the log ${number(support.missing * 100)} %`,
    ...(estimates.length === 0 ? [] : table(columns, rows).map((line) => `  ${line}`)),
    ...(estimates.length === 0
      ? []
      : [
          `  bootstrap: ${resamples} resamples${evaluation.units === undefined ? '' : ' of whole keys'}, seed ${seed}`,
        ]),
    ...refusals.map((why) => `  NOT TO BE TRUSTED: ${why}`),
  ]
}

export function number(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : 'none'
}

function pair([low, high]: Interval): string {
  return `[${number(low)}, ${number(high)}]`
}

function count(value: number): string {
  return value.toLocaleString('en')
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
