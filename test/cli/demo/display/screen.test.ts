import { expect, test } from 'vitest'
import { Screen } from '../../../../cli/demo/display/screen.ts'

const fakeTerminal = (rows = 10) => {
  const written: string[] = []
  return { columns: 20, rows, written, write: (text: string) => written.push(text) }
}

test('the first picture takes the second screen and hides the cursor, the last words give both back', () => {
  const terminal = fakeTerminal()
  const screen = new Screen(terminal)
  screen.draw(['a'])
  screen.draw(['b'])
  screen.close()
  screen.close()
  expect(terminal.written.length).toBe(3)
  expect(terminal.written[0]).toContain('\u001B[?1049h')
  expect(terminal.written[0]).toContain('\u001B[?25l')
  expect(terminal.written[1]).not.toContain('?1049')
  expect(terminal.written[2]).toBe('\u001B[?7h\u001B[?25h\u001B[?1049l')
})

test('a picture is one write that overwrites line by line and clears what is left', () => {
  const terminal = fakeTerminal()
  new Screen(terminal).draw(['one', 'two'])
  expect(terminal.written[0]).toContain('\u001B[Hone\u001B[K\r\ntwo\u001B[K\u001B[J\u001B[?2026l')
  expect(terminal.written[0]).not.toContain('\u001B[2J')
})

test('a low terminal shows the first lines only', () => {
  const terminal = fakeTerminal(2)
  new Screen(terminal).draw(['one', 'two', 'three'])
  expect(terminal.written[0]).toContain('two')
  expect(terminal.written[0]).not.toContain('three')
})

test('a screen that never drew leaves the terminal alone', () => {
  const terminal = fakeTerminal()
  new Screen(terminal).close()
  expect(terminal.written).toEqual([])
})
