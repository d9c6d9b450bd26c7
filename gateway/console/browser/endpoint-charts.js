import { createChart } from './chart.js'
import { densityOf, gridOf } from './density.js'
import { count, percent, reward, time } from './format.js'
import { assignSlots, readPalette } from './slots.js'

/**
 * @typedef {import('../shape.ts').EndpointPicture} EndpointPicture
 * @typedef {import('../shape.ts').HistoryPoint} HistoryPoint
 * @typedef {import('./chart.js').Line} Line
 */

const wholePercent = (/** @type {number} */ share) => `${Math.round(100 * share)}\u00a0%`
const atTime = (/** @type {number} */ seconds) => time(seconds * 1000)

/** The four pictures of an endpoint. */
export function createEndpointCharts() {
  const belief = createChart({
    title: 'What is believed of each arm',
    about: 'Where its mean reward lies. Narrow is sure; the further right, the better.',
    isTime: false,
    toText: (value) => value.toPrecision(3),
    toPlace: reward,
    hasScale: false,
    hasLegendValues: false,
  })
  const share = createChart({
    title: 'Traffic',
    about: 'Share of the requests that each arm gets.',
    isTime: true,
    range: [0, 1],
    toText: percent,
    toTick: wholePercent,
    toPlace: atTime,
  })
  const best = createChart({
    title: 'Probability of being best',
    about: 'How sure it is that no other arm is better.',
    isTime: true,
    range: [0, 1],
    toText: percent,
    toTick: wholePercent,
    toPlace: atTime,
  })
  const gain = createChart({
    title: 'Reward, summed up',
    about:
      'Expected by the belief of the moment: what was got, and what one arm for all or an even split would have.',
    isTime: true,
    toText: (value) => (Math.abs(value) < 100 ? reward(value) : count(value)),
    toTick: (value) => (Math.abs(value) < 10 ? String(Number(value.toPrecision(3))) : count(value)),
    toPlace: atTime,
  })
  const charts = [belief, share, best, gain]
  /** @type {ReadonlyMap<string, number>} */
  let slots = new Map()

  return {
    roots: charts.map(({ root }) => root),
    /** @param {EndpointPicture} endpoint */
    show({ now, history, reward: bounds }) {
      const { arms } = now
      slots = assignSlots(slots, arms)
      const palette = readPalette()
      const colours = arms.map(({ name }) => palette(slots.get(name)))
      const others = arms.filter(({ name }) => !slots.has(name)).length
      const named = arms.map(({ name }, at) => ({
        name,
        at,
        colour: colours[at] ?? '',
        slot: slots.get(name),
      }))
      // Those without a colour of their own come first and so lie beneath.
      const order = [
        ...named.filter(({ slot }) => slot === undefined),
        ...named.filter(({ slot }) => slot !== undefined),
      ]
      const x = history.map(({ at }) => at / 1000)
      const leader = arms.reduce((top, arm) => (arm.probabilityBest > top.probabilityBest ? arm : top))

      const grid = gridOf(arms, bounds)
      belief.show({
        x: grid,
        lines: order.map(({ name, at, colour, slot }) => {
          const arm = arms[at]
          const drawn = arm ? densityOf(arm, grid, bounds) : []
          return { name, colour, drawn, ...thin(slot), ...(slot !== undefined && { fill: `${colour}22` }) }
        }),
        summary: `${leader.name} has the mean ${reward(leader.mean)}, between ${reward(leader.interval[0])} and ${reward(leader.interval[1])} with 90 % probability.`,
      })
      share.show({
        x,
        lines: stacked(named, history, others, palette(undefined)),
        summary: `${leader.name} gets ${percent(leader.share)} of the requests now.`,
      })
      best.show({
        x,
        lines: Array.from(order, ({ name, at, colour, slot }) => ({
          name,
          colour,
          drawn: history.map((point) => point.best[at] ?? 0),
          ...thin(slot),
        })),
        summary: `${leader.name} is best with ${percent(leader.probabilityBest)} now.`,
      })
      gain.show({ x, ...gained(history, palette) })
      return colours
    },
    close: () => charts.forEach((chart) => chart.close()),
  }
}

/** @param {number | undefined} slot */
function thin(slot) {
  return slot === undefined ? { width: 1, isUnnamed: true } : {}
}

/**
 * The highest sum first, each of the next drawn over it.
 *
 * @param {readonly { name: string, at: number, colour: string, slot: number | undefined }[]} named
 * @param {readonly HistoryPoint[]} history
 * @param {number} others
 * @param {string} grey
 * @returns {Line[]}
 */
function stacked(named, history, others, grey) {
  const shown = named.filter(({ slot }) => slot !== undefined)
  const rest = named.filter(({ slot }) => slot === undefined)
  const layers = shown.map(({ name, at, colour }) => ({
    name,
    colour,
    values: history.map(({ share }) => share[at] ?? 0),
  }))
  if (others > 0) {
    const values = history.map(({ share }) => rest.reduce((sum, { at }) => sum + (share[at] ?? 0), 0))
    layers.push({ name: `${others} others`, colour: grey, values })
  }
  const height = history.map(() => 0)
  const lines = layers.map(({ name, colour, values }) => {
    for (const [at, value] of values.entries()) height[at] = Math.min(1, (height[at] ?? 0) + value)
    return { name, colour, values, drawn: [...height], fill: colour, width: 0 }
  })
  return lines.toReversed()
}

/**
 * @param {readonly HistoryPoint[]} history
 * @param {(slot: number | undefined) => string} palette
 */
function gained(history, palette) {
  const line = (/** @type {'got' | 'best' | 'uniform'} */ kind) =>
    history.map(({ expected }) => expected[kind])
  const last = history.at(-1)?.expected ?? { got: 0, best: 0, uniform: 0 }
  const part = last.best > 0 ? ` ${percent(last.got / last.best)} of the best arm alone.` : ''
  return {
    lines: [
      { name: 'Best arm alone', colour: palette(undefined), drawn: line('best'), dash: [6, 4], width: 1.5 },
      { name: 'Got', colour: palette(0), drawn: line('got') },
      { name: 'Even split', colour: palette(1), drawn: line('uniform'), dash: [2, 3], width: 1.5 },
    ],
    summary: `Got ${count(last.got)}.${part}`,
  }
}
