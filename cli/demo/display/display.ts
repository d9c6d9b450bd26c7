import type { Progress } from '../progress.ts'
import { clock } from './format.ts'
import { frame, type Notice } from './frame.ts'
import { createPaint } from './paint.ts'
import { progressLines } from './progress-lines.ts'
import { Screen } from './screen.ts'

/** Shows how the demo goes. */
export interface Display {
  /** The newest state; called often. */
  show(progress: Progress): void
  /** Something that happened just now and is worth a line of its own. */
  notice(text: string): void
  /** Ends the live part and leaves its last state in the terminal's history. */
  close(): void
}

/** A picture redrawn in place on a terminal, plain lines now and then elsewhere. */
export const createDisplay = (stream: NodeJS.WriteStream): Display =>
  stream.isTTY ? createLiveDisplay(stream) : createLineDisplay((line) => stream.write(`${line}\n`))

const createLiveDisplay = (stream: NodeJS.WriteStream): Display => {
  const screen = new Screen(stream)
  const paint = createPaint(stream)
  const notices: Notice[] = []
  let newest: Progress | undefined

  const lines = () => (newest === undefined ? [] : frame(newest, { width: stream.columns, paint, notices }))
  const redraw = () => screen.draw(lines())
  stream.on('resize', redraw)

  return {
    show: (progress) => {
      newest = progress
      redraw()
    },
    notice: (text) => {
      notices.push({ atMs: newest?.elapsedMs ?? 0, text })
      if (newest !== undefined) redraw()
    },
    close: () => {
      stream.off('resize', redraw)
      screen.close()
      for (const line of lines()) stream.write(`${line}\n`)
      newest = undefined
    },
  }
}

const linesEveryMs = 5_000

export const createLineDisplay = (print: (line: string) => void): Display => {
  let nextAtMs = linesEveryMs
  let newestMs = 0
  return {
    show: (progress) => {
      newestMs = progress.elapsedMs
      if (newestMs < nextAtMs) return
      nextAtMs = (Math.floor(newestMs / linesEveryMs) + 1) * linesEveryMs
      for (const line of progressLines(progress)) print(line)
    },
    notice: (text) => print(`${clock(newestMs)}  ${text}`),
    close: () => {},
  }
}
