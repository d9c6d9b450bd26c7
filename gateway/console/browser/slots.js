/** Arms that get a colour of their own; more than that nobody can tell apart. */
const slotCount = 8

/**
 * Gives arms places in the palette. Up to eight keep the order of the configuration; of more, the eight with most
 * traffic have one, and keep it for as long as they are among them.
 *
 * @param {ReadonlyMap<string, number>} before
 * @param {readonly { name: string, share: number, pulls: number }[]} arms
 * @returns {ReadonlyMap<string, number>}
 */
export function assignSlots(before, arms) {
  if (arms.length <= slotCount) return new Map(arms.map(({ name }, at) => [name, at]))
  const total = Math.max(
    1,
    arms.reduce((sum, { pulls }) => sum + pulls, 0),
  )
  const weight = (/** @type {{ share: number, pulls: number }} */ { share, pulls }) => share + pulls / total
  const top = arms.toSorted((a, b) => weight(b) - weight(a)).slice(0, slotCount)
  const kept = new Map(top.flatMap(({ name }) => (before.has(name) ? [[name, before.get(name) ?? 0]] : [])))
  const taken = new Set(kept.values())
  const free = Array.from({ length: slotCount }, (_, at) => at).filter((at) => !taken.has(at))
  for (const { name } of top) if (!kept.has(name)) kept.set(name, free.shift() ?? 0)
  return kept
}

/**
 * Colours as they are in the theme of the moment.
 *
 * @returns {(slot: number | undefined) => string}
 */
export function readPalette() {
  const style = getComputedStyle(document.documentElement)
  const colours = Array.from({ length: slotCount }, (_, at) =>
    style.getPropertyValue(`--arm-${at + 1}`).trim(),
  )
  const other = style.getPropertyValue('--arm-other').trim()
  return (slot) => (slot === undefined ? other : (colours[slot] ?? other))
}
