import type { ContenderResult } from '../../bandit/simulate/simulation.ts'
import { figure } from './number.ts'

const width = 760
const height = 440
const frame = { left: 70, right: 20, top: 40, bottom: 90 }
// The colours of M. Okabe and K. Ito, which colour-blind people can tell apart.
const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000', '#F0E442']

/** Regret over decisions as a picture: a line a contender, in a band that holds its mean with 95 %. */
export const toSvg = (title: string, results: readonly ContenderResult[]): string => {
  const horizon = results[0]!.checkpoints.at(-1)!
  const highest = Math.max(...results.flatMap(({ regret }) => regret.map(top)), 1e-9)
  const x = (decisions: number) =>
    (frame.left + (decisions / horizon) * (width - frame.left - frame.right)).toFixed(1)
  const y = (regret: number) =>
    (height - frame.bottom - (regret / highest) * (height - frame.top - frame.bottom)).toFixed(1)
  const series = results.map(({ checkpoints, regret }, index) => {
    const path = (values: readonly number[]) =>
      values.map((value, at) => `${x(checkpoints[at]!)},${y(value)}`)
    const band = [
      ...path(regret.map(top)),
      ...path(regret.map(({ mean, low }) => (Number.isNaN(low) ? mean : Math.max(0, low)))).toReversed(),
    ]
    const line = [`${x(0)},${y(0)}`, ...path(regret.map(({ mean }) => mean))]
    const colour = colours[index % colours.length]!
    return [
      `<polygon points="${band.join(' ')}" fill="${colour}" fill-opacity="0.15"/>`,
      `<polyline points="${line.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ].join('\n')
  })
  const quarters = [0, 0.25, 0.5, 0.75, 1]
  const across = quarters.map(
    (part) =>
      `<text x="${x(part * horizon)}" y="${height - frame.bottom + 18}" text-anchor="middle">${Math.round(part * horizon).toLocaleString('en-US')}</text>`,
  )
  const up = quarters.map(
    (part) =>
      `<line x1="${x(0)}" x2="${x(horizon)}" y1="${y(part * highest)}" y2="${y(part * highest)}" stroke="#ddd"/>` +
      `<text x="${frame.left - 8}" y="${y(part * highest)}" dy="4" text-anchor="end">${figure(part * highest)}</text>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="${frame.left}" y="22" font-size="15">${escaped(title)}</text>`,
    ...up,
    ...across,
    `<text x="${width / 2}" y="${height - frame.bottom + 36}" text-anchor="middle">decisions</text>`,
    ...series,
    ...legend(results),
    '</svg>',
    '',
  ].join('\n')
}

const top = ({ mean, high }: { readonly mean: number; readonly high: number }): number =>
  Number.isNaN(high) ? mean : high

const columns = 4
const legend = (results: readonly ContenderResult[]): string[] =>
  results.map(({ contender }, index) => {
    const x = frame.left + (index % columns) * ((width - frame.left) / columns)
    const y = height - frame.bottom + 58 + Math.floor(index / columns) * 16
    return (
      `<rect x="${x}" y="${y - 9}" width="12" height="9" fill="${colours[index % colours.length]!}"/>` +
      `<text x="${x + 18}" y="${y}">${escaped(contender.label)}</text>`
    )
  })

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (found) => entities[found]!)
