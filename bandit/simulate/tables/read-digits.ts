import { readFileSync } from 'node:fs'
import type { Row } from '../contexts/context-law.ts'

const side = 8
const darkest = 16

/**
 * 1797 handwritten digits, one a line of `digits.txt`: 64 pixels from 0, paper, to g = 16, ink, and which digit it is.
 * Each becomes 1 and its pixels as parts of the darkest; its arm is the digit.
 *
 * E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998,
 * doi:10.24432/C50P49, CC BY 4.0; the test part, its pixels written as one character each, otherwise unchanged.
 */
export function readDigits(): Row[] {
  const text = readFileSync(new URL('digits.txt', import.meta.url), 'utf8')
  return text.trimEnd().split('\n').map(toRow)
}

function toRow(line: string): Row {
  const pixels = Array.from(line.slice(0, side * side), (pixel) => parseInt(pixel, darkest + 1) / darkest)
  return {
    features: Float64Array.from([1, ...pixels.map((share) => Math.round(1000 * share) / 1000)]),
    arm: Number(line[side * side]),
  }
}
