import { checkGoals } from './goals.ts'
import type { PredictionFigures } from './predictions.ts'
import type { Results } from './results.ts'

/** The whole report in Markdown. */
export const toReport = (results: Results): string => {
  const { date, machine, load, rounds, seconds, models, predictions, feedback, left } = results
  const { decisions, contextual } = results
  const goals = checkGoals(results)
  return [
    '# Measured',
    '',
    `By \`npm run bench -- --rounds ${rounds} --seconds ${seconds}\` on ${date}.`,
    '',
    `- ${machine.join('; ')}`,
    `- load from ${load}, in a process of its own on the same machine, one request a connection under way`,
    `- each server in processes of its own; ${rounds} interleaved rounds of ${seconds} s, medians of the rounds`,
    '- the ratio is to the throughput of one process that does Hono + onnxruntime without choice, validation or ids',
    `- one call of a model, one row: ${models.map(({ name, callUs }) => `${name} ${callUs.toFixed(1)} µs`).join(', ')}`,
    ...left.map((line) => `- not measured: ${line}`),
    ...predictions.flatMap(toSection),
    '',
    '## Feedback',
    '',
    'First rewards of fresh predictions through one gateway; every one of them was found learned afterwards.',
    '',
    ...table(
      ['store', 'one by one /s', 'in batches of 500 lines /s'],
      feedback.map((row) => [row.store, whole(row.singlePerSecond), whole(row.linesPerSecond)]),
    ),
    '',
    '## Decisions',
    '',
    'In one thread, without any server: an arm chosen and its pull counted; and the distribution behind it, which',
    'Thompson sampling computes once for each snapshot.',
    '',
    ...table(
      ['arms', 'decision µs', 'distribution µs'],
      decisions.map((row) => [String(row.arms), row.decisionUs.toFixed(2), whole(row.distributionUs)]),
    ),
    '',
    'By context, with another one for every decision and no number of it 0; regressions are solved once for each snapshot.',
    '',
    ...table(
      ['policy', 'arms', 'numbers', 'decision µs'],
      contextual.map((row) => [
        row.policy,
        String(row.arms),
        String(row.dimension),
        row.decisionUs.toFixed(1),
      ]),
    ),
    '',
    '## Figures to hold',
    '',
    ...table(
      ['figure', 'wanted', 'measured', 'held'],
      goals.map(({ what, wanted, measured, met }) => [what, wanted, measured, met ? 'yes' : '**no**']),
    ),
    '',
  ].join('\n')
}

const toSection = ({ model, figures }: Results['predictions'][number]): readonly string[] => {
  const head = ['connections', 'server', 'requests/s', 'lowest – highest', 'p50 ms', 'p99 ms', 'ratio']
  const title = `## Predictions, ${model.name} (${model.callUs.toFixed(1)} µs a call)`
  return ['', title, '', ...table(head, figures.map(toCells))]
}

const toCells = (row: PredictionFigures): readonly string[] => [
  String(row.connections),
  row.contender,
  whole(row.perSecond),
  row.range.map(whole).join(' – '),
  (row.p50Us / 1e3).toFixed(3),
  (row.p99Us / 1e3).toFixed(3),
  row.ratio.toFixed(2),
]

const whole = (value: number): string => Math.round(value).toString()

/** Columns padded, so that it can be read as it stands in a terminal too. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = head.map((cell, at) => Math.max(cell.length, ...rows.map((row) => row[at]!.length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}
