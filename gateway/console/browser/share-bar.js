import { element, setChildren } from './element.js'
import { percent } from './format.js'

/** Who gets how much of the traffic, as one bar. */
export function createShareBar() {
  const root = element('div', { class: 'share-bar', role: 'img' })
  return {
    root,
    /** @param {readonly { name: string, share: number, colour: string }[]} arms */
    show(arms) {
      const sorted = arms.toSorted((a, b) => b.share - a.share)
      const pieces = sorted.map(({ name, share, colour }, at) => {
        const piece = /** @type {HTMLElement} */ (root.children[at] ?? element('i'))
        Object.assign(piece.style, { flexGrow: String(share), background: colour })
        piece.title = `${name} ${percent(share)}`
        return piece
      })
      setChildren(root, pieces)
      const told = sorted.slice(0, 3).map(({ name, share }) => `${name} ${percent(share)}`)
      root.setAttribute('aria-label', `Share of traffic: ${told.join(', ')}`)
    },
  }
}
