import type { Progress } from '../progress.ts'
import { armColumns } from './arm-columns.ts'
import { clock } from './format.ts'
import type { Paint } from './paint.ts'
import { table, fit } from './table.ts'
import { feedbackPieces, flow, regretPieces, requestPieces, stageText } from './totals.ts'

/** Something that happened beside the plan, and when. */
export interface Notice {
  readonly atMs: number
  readonly text: string
}

export interface FrameOptions {
  /** Cells in a line of the terminal; no line is longer. */
  readonly width: number
  readonly paint: Paint
  readonly notices: readonly Notice[]
}

const noticesShown = 3

/** The whole picture as lines, most important first, so that a low terminal loses the end. */
export const frame = (progress: Progress, { width, paint, notices }: FrameOptions): string[] => {
  const leader = progress.arms.reduce((best, arm) => (arm.share > best.share ? arm : best))
  return [
    header(progress, width, paint),
    timeline(progress, width, paint),
    paint('bold', fit(stageText(progress), width).trimEnd()),
    '',
    ...table(armColumns(progress.arms, width), progress.arms, { paint, emphasised: (arm) => arm === leader }),
    '',
    ...flow('requests', requestPieces(progress), width, paint),
    ...flow('feedback', feedbackPieces(progress), width, paint),
    ...flow('regret', regretPieces(progress), width, paint),
    '',
    ...notices.slice(-noticesShown).map(({ atMs, text }) => fit(`${clock(atMs)}  ${text}`, width).trimEnd()),
    paint('dim', fit(progress.gateway, width).trimEnd()),
  ]
}

const header = ({ title, elapsedMs, plannedMs }: Progress, width: number, paint: Paint): string => {
  const left = Math.max(0, plannedMs - elapsedMs)
  const time = `${clock(elapsedMs)} gone, ${clock(left)} left`
  return paint('bold', fit(title, Math.max(0, width - time.length - 2))) + '  ' + paint('dim', time)
}

/** How much of the traffic is through, with a mark where the images change. */
const timeline = ({ elapsedMs, plannedMs }: Progress, width: number, paint: Paint): string => {
  const done = Math.min(width, Math.floor((elapsedMs / plannedMs) * width))
  const change = Math.floor(width / 2)
  const cells = Array.from({ length: width }, (_, at) => (at === change ? '┃' : at < done ? '━' : '─'))
  return paint('cyan', cells.slice(0, done).join('')) + paint('dim', cells.slice(done).join(''))
}
