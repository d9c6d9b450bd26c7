import type { ContenderResult } from '../../bandit/simulate/simulation.ts'
import { type Column, table } from '../demo/display/table.ts'
import { figure, percent } from './number.ts'
import type { Scenario } from './scenario.ts'

/** Regret at the end and on the way, and where the traffic went, contender by contender. */
export const regretLines = (
  { title, world, runs, seed }: Scenario,
  results: readonly ContenderResult[],
): string[] => {
  const arms = world.arms.map(({ name }) => name)
  const head = `${title}: ${world.horizon.toLocaleString('en-US')} decisions, ${runs} runs, seed ${seed}`
  return [
    head,
    '',
    ...table(regretColumns(results), results),
    ...searchLines(results),
    ...shareLines(results, arms),
    '',
    ...samplingNote(results),
  ]
}

const labelColumn = (results: readonly ContenderResult[]): Column<ContenderResult> => ({
  title: 'policy',
  width: widest(['policy', ...results.map(({ contender }) => contender.label)]),
  align: 'left',
  cell: ({ contender }) => contender.label,
})

const regretColumns = (results: readonly ContenderResult[]): Column<ContenderResult>[] => {
  const checkpoints = results[0]!.checkpoints
  const last = checkpoints.length - 1
  const shown = [checkpoints.at(-1)! / 100, checkpoints.at(-1)! / 10]
    .map((at) => checkpoints.findIndex((checkpoint) => checkpoint >= at))
    .filter((index, place, all) => index < last && all.indexOf(index) === place)
  return [
    labelColumn(results),
    ...shown.map((index): Column<ContenderResult> => ({
      title: `after ${checkpoints[index]!.toLocaleString('en-US')}`,
      width: 14,
      align: 'right',
      cell: ({ regret }) => figure(regret[index]!.mean),
    })),
    { title: 'regret', width: 9, align: 'right', cell: ({ regret }) => figure(regret[last]!.mean) },
    { title: '± s.e.', width: 8, align: 'right', cell: ({ regret }) => figure(regret[last]!.error) },
    {
      title: '95 % interval',
      width: 20,
      align: 'right',
      cell: ({ regret }) => `${figure(regret[last]!.low)} … ${figure(regret[last]!.high)}`,
    },
  ]
}

/** Nothing where runs end early: the last stretch is then empty. */
const shareLines = (results: readonly ContenderResult[], arms: readonly string[]): string[] => {
  if (results[0]!.search !== undefined) return []
  return ['', 'share of the pulls in the last stretch', ...table(shareColumns(results, arms), results)]
}

const shareColumns = (
  results: readonly ContenderResult[],
  arms: readonly string[],
): Column<ContenderResult>[] => [
  labelColumn(results),
  ...arms.map((name, index): Column<ContenderResult> => ({
    title: name,
    width: Math.max(7, name.length),
    align: 'right',
    cell: ({ shares }) => percent(shares.at(-1)![index]!),
  })),
]

/** Where runs end once the best arm is known: after how many decisions, and how often wrongly. */
const searchLines = (results: readonly ContenderResult[]): string[] => {
  if (results[0]!.search === undefined) return []
  const number = (title: string, cell: Column<ContenderResult>['cell']): Column<ContenderResult> => ({
    title,
    width: 20,
    align: 'right',
    cell,
  })
  return [
    '',
    'search for the best arm',
    ...table(
      [
        labelColumn(results),
        number('decisions', ({ search }) => figure(search!.decisions.mean)),
        number('± s.e.', ({ search }) => figure(search!.decisions.error)),
        number('wrong', ({ search }) => percent(search!.wrong.mean)),
      ],
      results,
    ),
  ]
}

const samplingNote = (results: readonly ContenderResult[]): string[] => {
  const sampled = results.filter(({ contender }) => contender.sampling === 'posterior')
  if (sampled.length === 0) return ['Every arm was drawn from the exact distribution, as the gateway does.']
  const labels = sampled.map(({ contender }) => contender.label).join(', ')
  return [
    `Sampling: one draw of each posterior for ${labels}, the same law as the exact distribution; exact else.`,
  ]
}

const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length))
