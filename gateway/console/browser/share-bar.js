import { element, setChildren } from './element.js'
import { percent } from './format.js'

/** Who gets how much of the traffic, as one bar. */
export function createShareBar() {
  const root = element('div', { class: 'share-bar', role: 'img' })
  return {
    root,
    /** @param {readonly { name: string, share: number, colour: string | undefined }[]} arms those without a colour are drawn together
     * @param {string} grey
     */
    show(arms, grey) {
      const sorted = arms.toSorted((a, b) => b.share - a.share)
      const others = sorted.filter(({ colour }) => colour === undefined)
      const together = others.reduce((sum, { share }) => sum + share, 0)
      const shown = sorted.flatMap(({ name, share, colour }) =>
        colour === undefined ? [] : [{ name, share, colour }],
      )
      if (others.length > 0) shown.push({ name: `${others.length} others`, share: together, colour: grey })
      const pieces = shown.map(({ name, share, colour }, at) => {
        const piece = /** @type {HTMLElement} */ (root.children[at] ?? element('i'))
        Object.assign(piece.style, { flexGrow: String(100 * share), background: colour })
        piece.title = `${name} ${percent(share)}`
        return piece
      })
      setChildren(root, pieces)
      const told = sorted.slice(0, 3).map(({ name, share }) => `${name} ${percent(share)}`)
      root.setAttribute('aria-label', `Share of traffic: ${told.join(', ')}`)
    },
  }
}
