import type { ContenderResult } from '../../bandit/simulate/simulation.ts'
import { figure } from './number.ts'

export interface PlotSize {
  readonly width: number
  readonly height: number
}

const marks = '●▲■◆○△□◇+×'

/** Regret over decisions as a few lines of text, one mark a contender; what comes first in the list is on top. */
export const plot = (results: readonly ContenderResult[], { width, height }: PlotSize): string[] => {
  const highest = Math.max(...results.map(({ regret }) => Math.max(...regret.map(({ mean }) => mean))), 1e-9)
  const horizon = results[0]!.checkpoints.at(-1)!
  const cells = Array.from({ length: height }, () => Array.from({ length: width }, () => ' '))
  for (const [index, result] of [...results.entries()].toReversed()) {
    for (let column = 0; column < width; column++) {
      const level = regretAt(result, ((column + 1) * horizon) / width) / highest
      cells[height - 1 - Math.min(height - 1, Math.floor(level * height))]![column] = markOf(index)
    }
  }
  const [top, none] = [figure(highest), '0']
  const margin = Math.max(top.length, none.length)
  const labels = cells.map((_, row) => (row === 0 ? top : row === height - 1 ? none : ''))
  const end = horizon.toLocaleString('en-US')
  return [
    ...cells.map((row, index) => `${labels[index]!.padStart(margin)} ┤${row.join('').trimEnd()}`),
    `${' '.repeat(margin)} └${'─'.repeat(width)}`,
    `${' '.repeat(margin)} 0${`${end} decisions`.padStart(width)}`,
    results.map(({ contender }, index) => `${markOf(index)} ${contender.label}`).join('   '),
  ]
}

const markOf = (index: number): string => marks[index % marks.length]!

/** In a straight line from one checkpoint to the next, from 0 on. */
export const regretAt = ({ checkpoints, regret }: ContenderResult, decisions: number): number => {
  const next = checkpoints.findIndex((checkpoint) => checkpoint >= decisions)
  const [from, low] = next === 0 ? [0, 0] : [checkpoints[next - 1]!, regret[next - 1]!.mean]
  const [to, high] = [checkpoints[next]!, regret[next]!.mean]
  return low + ((high - low) * (decisions - from)) / (to - from)
}
