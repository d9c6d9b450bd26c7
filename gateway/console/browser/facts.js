import { element, setText } from './element.js'

/**
 * Figures with their names, changed in place.
 *
 * @param {readonly (readonly [name: string, hint: string])[]} names
 */
export function createFacts(names) {
  const values = names.map(() => element('dd'))
  const pairs = names.map(([name, hint], at) =>
    element('div', {}, element('dt', { title: hint }, name), values[at] ?? ''),
  )
  return {
    root: element('dl', { class: 'facts' }, ...pairs),
    /** @param {readonly string[]} texts */
    show(texts) {
      for (const [at, value] of values.entries()) setText(value, texts[at] ?? '')
    },
  }
}
