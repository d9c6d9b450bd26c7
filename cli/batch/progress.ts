import { bar } from '../demo/display/bar.ts'
import { clock } from '../demo/display/format.ts'

export interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export interface BatchProgress {
  /** `part` of the input that was read, from 0 to 1; undefined where its size is not known. */
  show(rows: number, part: number | undefined): void
  clear(): void
}

const everyMs = 200
const barWidth = 30
const clearLine = '\r\u001B[K'

/** One line that is redrawn in place. Nothing off a terminal. */
export function createBatchProgress(terminal: Terminal, now: () => number): BatchProgress {
  const startedAt = now()
  let first: { readonly rows: number; readonly part: number } | undefined
  let drawnAt = -Infinity
  return {
    show(rows, part) {
      const at = now()
      first ??= { rows, part: part ?? 0 }
      if (terminal.isTTY !== true || at - drawnAt < everyMs) return
      drawnAt = at
      terminal.write(clearLine + progressLine({ rows, part, since: first, elapsedMs: at - startedAt }))
    },
    clear() {
      if (drawnAt > -Infinity) terminal.write(clearLine)
    },
  }
}

export interface Stand {
  readonly rows: number
  readonly part: number | undefined
  /** Where this process began: what an earlier one had done says nothing of the speed of this one. */
  readonly since: { readonly rows: number; readonly part: number }
  readonly elapsedMs: number
}

export function progressLine({ rows, part, since, elapsedMs }: Stand): string {
  const perSecond = ((rows - since.rows) * 1000) / Math.max(1, elapsedMs)
  const speed = `${rows.toLocaleString('en')} rows, ${Math.round(perSecond).toLocaleString('en')}/s`
  if (part === undefined) return speed
  const done = part - since.part
  const left = done > 0 ? clock((elapsedMs * (1 - part)) / done) : '–'
  return `${`${Math.floor(100 * part)} %`.padStart(5)} ${bar(part, barWidth).padEnd(barWidth)} ${speed}, ${left} left`
}
