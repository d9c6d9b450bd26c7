/** The part of a terminal stream that a screen needs. */
export interface Terminal {
  write(text: string): unknown
  readonly columns: number
  readonly rows: number
}

const enter = '\u001B[?1049h\u001B[?25l\u001B[?7l'
const leave = '\u001B[?7h\u001B[?25h\u001B[?1049l'
// Terminals that know it show nothing of a frame before its end; the others ignore it.
const beginFrame = '\u001B[?2026h\u001B[H'
const endFrame = '\u001B[J\u001B[?2026l'
const clearRestOfLine = '\u001B[K'

/**
 * A picture that is redrawn in place. It lives on the terminal's second screen, without cursor and line wrapping,
 * so that a change of the window's size cannot leave torn lines behind and the user's own lines come back at the end.
 */
export class Screen {
  readonly #terminal: Terminal
  #entered = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  draw(lines: readonly string[]): void {
    const visible = lines.slice(0, this.#terminal.rows)
    const text = visible.map((line) => line + clearRestOfLine).join('\r\n')
    this.#terminal.write((this.#entered ? '' : enter) + beginFrame + text + endFrame)
    this.#entered = true
  }

  /** Gives the terminal back as it was. May be called at any time and more than once. */
  close(): void {
    if (!this.#entered) return
    this.#entered = false
    this.#terminal.write(leave)
  }
}
