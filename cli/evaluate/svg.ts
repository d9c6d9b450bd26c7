import type { Evaluation } from '../../bandit/index.ts'
import { number, type Report } from './report.ts'

const width = 760
const left = 150
const right = 110
const rowHeight = 22
const headHeight = 46

interface Line {
  readonly label: string
  readonly value: number
  readonly interval: readonly [number, number]
}

type Drawing = { readonly title: string; readonly isRefused: boolean; readonly lines: readonly Line[] }

/** One panel a policy: every estimate with its interval, on one scale, and what the log itself earned. */
export function toSvg(report: Report): string {
  const drawings = report.evaluations.map(toDrawing)
  const ends = drawings
    .flatMap(({ lines }) => lines.flatMap(({ interval }) => interval))
    .filter(Number.isFinite)
  const low = Math.min(...ends)
  const high = Math.max(...ends)
  const scale = (value: number) => left + ((value - low) / (high - low || 1)) * (width - left - right)

  let y = 34
  const panels = drawings.map((drawing) => {
    const panel = drawPanel(drawing, y, scale)
    y += headHeight + drawing.lines.length * rowHeight
    return panel
  })
  const title = `Mean reward on ${report.endpoint}, ${Number((report.confidence * 100).toPrecision(4))} % bootstrap intervals`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 10}" font-family="sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="16" y="22" font-weight="bold">${escape(title)}</text>`,
    ...panels,
    '</svg>',
    '',
  ].join('\n')
}

function toDrawing({ target, logged, estimates, refusals }: Evaluation): Drawing {
  const own = { label: 'the log itself', ...logged }
  const lines = [own, ...estimates.map(({ name, ...estimate }) => ({ label: name, ...estimate }))]
  return {
    title: target,
    isRefused: refusals.length > 0,
    lines: lines.filter(({ value }) => Number.isFinite(value)),
  }
}

function drawPanel(
  { title, isRefused, lines }: Drawing,
  top: number,
  scale: (value: number) => number,
): string {
  const verdict = isRefused ? ' (not to be trusted: the log cannot answer)' : ''
  const head = `<text x="16" y="${top + 22}" font-weight="bold">${escape(title + verdict)}</text>`
  const rows = lines.map(({ label, value, interval: [from, to] }, index) => {
    const y = top + headHeight + index * rowHeight
    const colour = index === 0 ? '#555' : isRefused ? '#c33' : '#06c'
    return [
      `<text x="16" y="${y + 4}">${escape(label)}</text>`,
      `<line x1="${px(scale(from))}" x2="${px(scale(to))}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>`,
      `<circle cx="${px(scale(value))}" cy="${y}" r="4" fill="${colour}"/>`,
      `<text x="${width - right + 16}" y="${y + 4}">${number(value)}</text>`,
    ].join('')
  })
  return [head, ...rows].join('\n')
}

function px(value: number): string {
  return value.toFixed(1)
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
