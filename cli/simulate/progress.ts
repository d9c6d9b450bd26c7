import { bar } from '../demo/display/bar.ts'
import { clock } from '../demo/display/format.ts'

export interface ProgressBar {
  readonly show: (played: number, total: number) => void
  /** Takes the bar away. */
  clear(): void
}

/** The part of a terminal that a bar needs. */
export interface Line {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const barWidth = 30
const everyMs = 100
const clearLine = '\r\u001B[K'

/** One line that is redrawn in place: how far it has come, how fast, how long it will take. Nothing off a terminal. */
export const createProgressBar = (title: string, line: Line, now: () => number): ProgressBar => {
  const startedAt = now()
  let drawnAt = -Infinity
  return {
    show(played, total) {
      const at = now()
      if (line.isTTY !== true || at - drawnAt < everyMs) return
      drawnAt = at
      line.write(clearLine + progressText(title, played / total, played, at - startedAt))
    },
    clear() {
      if (drawnAt > -Infinity) line.write(clearLine)
    },
  }
}

export const progressText = (title: string, part: number, played: number, elapsedMs: number): string => {
  const perSecond = (played * 1000) / Math.max(1, elapsedMs)
  const left = part > 0 ? clock((elapsedMs * (1 - part)) / part) : '–'
  const percent = `${Math.floor(100 * part)} %`.padStart(5)
  const speed = `${(perSecond / 1e6).toFixed(2)} million decisions/s`
  return `${title} ${percent} ${bar(part, barWidth).padEnd(barWidth)} ${speed}, ${left} left`
}
