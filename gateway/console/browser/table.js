import { element, setChildren, setText } from './element.js'

/**
 * @template Row
 * @typedef {object} Column
 * @property {string} title
 * @property {boolean} [isNumber]
 * @property {(row: Row) => string} [text]
 * @property {(cell: HTMLElement, row: Row) => void} [paint] in place of text
 */

/**
 * A table that is brought up to date in place, row by row. It scrolls by itself where it is wider than the page.
 *
 * @template Row
 * @param {{ caption: string, columns: readonly Column<Row>[], key: (row: Row) => string, isCaptionShown?: boolean, empty?: string }} options
 */
export function createTable({ caption, columns, key, isCaptionShown = false, empty = 'Nothing yet' }) {
  const head = columns.map(({ title, isNumber }) =>
    element('th', { scope: 'col', ...(isNumber && { class: 'number' }) }, title),
  )
  const body = element('tbody')
  const table = element(
    'table',
    {},
    element('caption', isCaptionShown ? {} : { class: 'unseen' }, caption),
    element('thead', {}, element('tr', {}, ...head)),
    body,
  )
  const nothing = element('p', { class: 'empty' }, empty)
  const root = element(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: '0' },
    table,
    nothing,
  )
  /** @type {Map<string, HTMLTableRowElement>} */
  let lines = new Map()

  /** @returns {HTMLTableRowElement} */
  function newLine() {
    const cells = columns.map(({ isNumber }, at) =>
      at === 0
        ? element('th', { scope: 'row', ...(isNumber && { class: 'number' }) })
        : element('td', isNumber ? { class: 'number' } : {}),
    )
    return element('tr', {}, ...cells)
  }

  return {
    root,
    /** @param {readonly Row[]} rows */
    show(rows) {
      const next = new Map(rows.map((row) => [key(row), lines.get(key(row)) ?? newLine()]))
      for (const row of rows) {
        const line = next.get(key(row))
        for (const [at, column] of columns.entries()) {
          const cell = /** @type {HTMLElement} */ (line?.children[at])
          if (column.paint) column.paint(cell, row)
          else setText(cell, column.text?.(row) ?? '')
        }
      }
      setChildren(body, [...next.values()])
      lines = next
      nothing.hidden = rows.length > 0
      table.hidden = rows.length === 0
    },
  }
}
