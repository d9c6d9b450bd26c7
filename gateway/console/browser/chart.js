import uPlot from 'uplot'
import { element, setChildren, setText } from './element.js'
import { createTable } from './table.js'

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} colour
 * @property {readonly (number | null)[]} drawn
 * @property {readonly number[]} [values] what the legend says, where it is not what is drawn
 * @property {string} [fill]
 * @property {number} [width]
 * @property {readonly number[]} [dash]
 * @property {boolean} [isUnnamed] drawn, but not in the legend
 *
 * @typedef {object} Picture
 * @property {readonly number[]} x
 * @property {readonly Line[]} lines
 * @property {string} summary what a reader who cannot see it should know first
 * @property {number} [readAt] index that the legend reads when nobody points; the last when absent
 *
 * @typedef {object} ChartOptions
 * @property {string} title
 * @property {string} about
 * @property {boolean} isTime
 * @property {readonly [number, number]} [range] of the vertical axis
 * @property {(value: number) => string} toText of values
 * @property {(value: number) => string} [toTick] of values along the axis, where they need fewer digits
 * @property {(x: number) => string} toPlace of a place on the horizontal axis
 * @property {boolean} [hasScale] false: the height has no unit worth a scale
 * @property {boolean} [hasLegendValues]
 */

const height = 220
const tableRows = 24

/** @param {ChartOptions} options */
export function createChart(options) {
  const {
    title,
    about,
    isTime,
    range,
    toText,
    toTick = toText,
    toPlace,
    hasScale = true,
    hasLegendValues = true,
  } = options
  const plotBox = element('div', { class: 'plot', role: 'img' })
  const legend = element('ul', { class: 'legend' })
  const details = element('details', {}, element('summary', {}, 'Show as a table'))
  const place = element('span', { class: 'place' })
  const root = element(
    'figure',
    { class: 'panel chart' },
    element('figcaption', {}, element('h2', {}, title), element('p', {}, about), place),
    plotBox,
    legend,
    details,
  )
  /** @type {Picture | undefined} */
  let picture
  /** @type {uPlot | undefined} */
  let plot
  let drawnAs = ''
  let twin = newTwin([])
  let twinFor = ''
  details.append(twin.root)
  details.addEventListener('toggle', () => showTwin())
  const sizes = new ResizeObserver(() => plot?.setSize({ width: plotBox.clientWidth, height }))
  sizes.observe(plotBox)

  /** @param {readonly Line[]} lines */
  function newTwin(lines) {
    /** @type {import('./table.js').Column<{ x: number, at: number }>[]} */
    const columns = lines.map(({ name }, line) => ({
      title: name,
      isNumber: true,
      text: ({ at }) => toText(valueOf(picture?.lines[line], at)),
    }))
    const first = {
      title: isTime ? 'Time' : 'Reward',
      text: (/** @type {{ x: number }} */ { x }) => toPlace(x),
    }
    return createTable({ caption: title, columns: [first, ...columns], key: ({ x }) => String(x) })
  }

  function showTwin() {
    if (!details.open || picture === undefined) return
    const { x, lines } = picture
    const names = lines.map(({ name }) => name).join('\n')
    if (names !== twinFor) {
      const next = newTwin(lines)
      twin.root.replaceWith(next.root)
      twin = next
      twinFor = names
    }
    const step = Math.max(1, Math.ceil(x.length / tableRows))
    const rows = x.map((value, at) => ({ x: value, at })).filter(({ at }) => (x.length - 1 - at) % step === 0)
    twin.show(isTime ? rows.toReversed() : rows)
  }

  function showLegend() {
    const { lines, x, readAt = x.length - 1 } = picture ?? { lines: [], x: [] }
    const pointed = plot?.cursor.idx ?? undefined
    setText(place, pointed === undefined || x[pointed] === undefined ? '' : toPlace(x[pointed]))
    const named = lines.filter(({ isUnnamed }) => isUnnamed !== true)
    const items = named.map((line, at) => {
      const item = legend.children[at] ?? element('li', {}, element('i'), element('span'), element('b'))
      const [swatch, name, value] = /** @type {HTMLElement[]} */ ([...item.children])
      if (swatch)
        swatch.style.background = line.dash
          ? `repeating-linear-gradient(90deg, ${line.colour} 0 4px, transparent 4px 6px)`
          : line.colour
      if (name) setText(name, line.name)
      const isShown = hasLegendValues || pointed !== undefined
      if (value) setText(value, isShown && x.length > 0 ? toText(valueOf(line, pointed ?? readAt)) : '')
      return item
    })
    setChildren(legend, items)
  }

  /** @param {Picture} shown */
  function draw({ x, lines }) {
    const data = /** @type {uPlot.AlignedData} */ ([x, ...lines.map(({ drawn }) => drawn)])
    const style = getComputedStyle(document.documentElement)
    const ink = style.getPropertyValue('--soft').trim()
    const rule = style.getPropertyValue('--rule').trim()
    const look = JSON.stringify([
      ink,
      lines.map(({ name, colour, fill, width, dash }) => [name, colour, fill, width, dash]),
    ])
    if (plot !== undefined && look === drawnAs) return plot.setData(data)
    drawnAs = look
    plot?.destroy()
    const font = `11px ${style.getPropertyValue('--font').trim()}`
    const axis = { stroke: ink, font, grid: { stroke: rule, width: 1 }, ticks: { show: false } }
    plot = new uPlot(
      {
        width: plotBox.clientWidth,
        height,
        padding: [8, 24, 0, hasScale ? 0 : 16],
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
        hooks: { setCursor: [showLegend] },
        scales: {
          x: { time: isTime },
          ...(range && { y: { range: /** @type {[number, number]} */ ([...range]) } }),
        },
        axes: [
          { ...axis, grid: { show: false }, space: 70, size: 26, ...(isTime && { values: toTimes }) },
          { ...axis, show: hasScale, size: 52, values: (_, ticks) => ticks.map((value) => toTick(value)) },
        ],
        series: [
          {},
          ...lines.map(({ name, colour, fill, width = 2, dash }) => ({
            label: name,
            stroke: colour,
            width,
            points: { show: false },
            ...(fill && { fill }),
            ...(dash && { dash: [...dash] }),
          })),
        ],
      },
      data,
      plotBox,
    )
  }

  return {
    root,
    /** @param {Picture} next */
    show(next) {
      picture = next
      plotBox.setAttribute('aria-label', `${title}. ${next.summary}`)
      draw(next)
      showLegend()
      showTwin()
    },
    close() {
      sizes.disconnect()
      plot?.destroy()
    },
  }
}

/**
 * @param {Line | undefined} line
 * @param {number} at
 */
function valueOf(line, at) {
  return (line?.values ?? line?.drawn)?.[at] ?? 0
}

const hours = new Intl.DateTimeFormat('en', { timeStyle: 'short', hourCycle: 'h23' })
const seconds = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })
const minute = 60

/**
 * @param {uPlot} _
 * @param {number[]} ticks seconds since 1970
 */
function toTimes(_, ticks) {
  const step = (ticks[1] ?? minute) - (ticks[0] ?? 0)
  const format = step < minute ? seconds : hours
  return ticks.map((tick) => format.format(tick * 1000))
}
