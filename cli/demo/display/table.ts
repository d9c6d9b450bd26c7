import { plain, type Paint, type Style } from './paint.ts'

/** One column over rows of type T; `cell` is handed the width that the column got. */
export interface Column<T> {
  readonly title: string
  readonly width: number
  readonly align: 'left' | 'right'
  readonly cell: (row: T, width: number) => string
  readonly style?: Style
}

const gap = '  '

export const tableWidth = (columns: readonly Column<never>[]): number =>
  columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1))

/** The head and one line a row, every column at its own width: text that is too long is cut, never pushed along. */
export const table = <T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  { paint = plain, emphasised = () => false }: { paint?: Paint; emphasised?: (row: T) => boolean } = {},
): string[] => {
  const head = columns.map(({ title, width, align }) => paint('dim', fit(title, width, align)))
  const lines = rows.map((row) =>
    columns.map(({ cell, width, align, style }) => {
      const text = fit(cell(row, width), width, align)
      const styled = style === undefined ? text : paint(style, text)
      return emphasised(row) ? paint('bold', styled) : styled
    }),
  )
  return [head, ...lines].map((cells) => cells.join(gap).trimEnd())
}

/** `text` in exactly `width` cells. */
export const fit = (text: string, width: number, align: 'left' | 'right' = 'left'): string => {
  const cut = text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…`.slice(0, width) : text
  return align === 'left' ? cut.padEnd(width) : cut.padStart(width)
}
