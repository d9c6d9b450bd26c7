import type { Progress } from '../progress.ts'
import { clock, milliseconds, percent, whole } from './format.ts'
import type { Paint, Style } from './paint.ts'

/** One number with its word; alarming ones are coloured. */
export interface Piece {
  readonly text: string
  readonly style?: Style
}

export const stageText = ({ stage, elapsedMs, plannedMs }: Progress): string => {
  switch (stage) {
    case 'clean':
      return `clean images; in ${clock(plannedMs / 2 - elapsedMs)} they turn dim and noisy`
    case 'noisy':
      return `dim, noisy images since ${clock(plannedMs / 2)}: another arm is the best now`
    case 'feedback':
      return 'all requests are through; the last labels are on their way'
    case 'models':
      return 'running every model on the images that were sent, to compare'
  }
}

export const requestPieces = ({ requests }: Progress): Piece[] => [
  { text: `${whole(requests.sent)} sent` },
  { text: `${whole(requests.perSecond)}/s` },
  { text: `${whole(requests.failed)} failed`, ...(requests.failed > 0 && { style: 'red' }) },
  { text: `${whole(requests.retried)} retried`, ...(requests.retried > 0 && { style: 'yellow' }) },
  { text: `p50 ${milliseconds(requests.p50Ms)}` },
  { text: `p99 ${milliseconds(requests.p99Ms)}` },
]

const expected = new Set(['applied', 'duplicate', 'corrected', 'journalled'])

export const feedbackPieces = ({ feedback }: Progress): Piece[] => [
  ...[...feedback.outcomes].map(([outcome, count]): Piece => {
    const text = `${whole(count)} ${outcome}`
    return expected.has(outcome) ? { text } : { text, style: 'red' }
  }),
  { text: `${whole(feedback.waiting)} to come` },
  { text: `${whole(feedback.retried)} retried`, ...(feedback.retried > 0 && { style: 'yellow' }) },
]

export const regretPieces = ({ regret }: Progress): Piece[] => [
  { text: `${percent(regret.perDecision, 2)} now` },
  ...(Number.isNaN(regret.sinceStart) ? [] : [{ text: `${whole(regret.sinceStart)} answers so far` }]),
]

const indent = 10

/** A label and its pieces in a row, going on under the first piece where a line of `width` cells is full. */
export const flow = (label: string, pieces: readonly Piece[], width: number, paint: Paint): string[] => {
  const rows: { readonly painted: string[]; cells: number }[] = [{ painted: [], cells: indent }]
  for (const { text, style } of pieces) {
    let row = rows.at(-1)!
    if (row.cells + text.length > width && row.painted.length > 0) {
      row = { painted: [], cells: indent }
      rows.push(row)
    }
    row.painted.push(style === undefined ? text : paint(style, text))
    row.cells += text.length + 3
  }
  return rows.map(({ painted }, at) => {
    return paint('dim', (at === 0 ? label : '').padEnd(indent)) + painted.join('   ')
  })
}
