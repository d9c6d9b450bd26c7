const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar over `fraction` of `width` cells, in steps of an eighth of a cell, without the empty rest. */
export const bar = (fraction: number, width: number): string => {
  const cells = Math.min(1, Math.max(0, Number.isNaN(fraction) ? 0 : fraction)) * width
  const steps = Math.round(cells * 8)
  return '█'.repeat(Math.floor(steps / 8)) + eighths[steps % 8]!
}

/** Where an estimate lies on a scale of `width` cells from 0 to 1: a line from low to high, a dot at the middle. */
export const range = (low: number, middle: number, high: number, width: number): string => {
  const cell = (value: number) => Math.min(width - 1, Math.max(0, Math.floor(value * width)))
  const cells: string[] = Array.from({ length: width }, (_, at) =>
    at >= cell(low) && at <= cell(high) ? '─' : ' ',
  )
  if (!Number.isNaN(middle)) cells[cell(middle)] = '●'
  return cells.join('')
}
