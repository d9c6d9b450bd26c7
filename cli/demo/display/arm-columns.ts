import type { ArmProgress } from '../progress.ts'
import { bar, range } from './bar.ts'
import { mean, percent, seconds, whole } from './format.ts'
import { tableWidth, type Column } from './table.ts'

const longestName = 14
const widestBar = 40

/** The columns that a line of `width` cells has room for; the bar of the share takes what the numbers leave. */
export const armColumns = (arms: readonly ArmProgress[], width: number): Column<ArmProgress>[] => {
  const nameWidth = Math.min(longestName, 2 + Math.max(3, ...arms.map(({ name }) => name.length)))
  const name: Column<ArmProgress> = {
    title: 'arm',
    width: nameWidth,
    align: 'left',
    cell: (arm) => (arm.available ? arm.name : `${arm.name} ✗`),
  }
  const columns = [name, ...numbers.filter(({ from }) => width >= from)]
  const barWidth = Math.min(widestBar, width - tableWidth(columns) - 2)
  if (barWidth < 4) return columns
  const shareBar: Column<ArmProgress> = {
    title: '',
    width: barWidth,
    align: 'left',
    cell: ({ share }, cells) => bar(share, cells),
    style: 'cyan',
  }
  return columns.toSpliced(2, 0, shareBar)
}

/** Each with the least width of the terminal from which on it is worth its room. */
const numbers: readonly (Column<ArmProgress> & { readonly from: number })[] = [
  { from: 0, title: 'share', width: 5, align: 'right', cell: ({ share }) => percent(share) },
  { from: 0, title: 'right', width: 6, align: 'right', cell: ({ accuracy }) => percent(accuracy, 1) },
  { from: 40, title: 'mean', width: 5, align: 'right', cell: (arm) => mean(arm.mean) },
  {
    from: 72,
    title: '5–95 %',
    width: 11,
    align: 'right',
    cell: ({ interval: [low, high] }) => (Number.isNaN(low) ? '–' : `${mean(low)}–${mean(high)}`),
  },
  {
    from: 110,
    title: `0${' '.repeat(22)}1`,
    width: 24,
    align: 'left',
    cell: (arm, width) => range(arm.interval[0], arm.mean, arm.interval[1], width),
  },
  { from: 50, title: 'P(best)', width: 7, align: 'right', cell: ({ best }) => percent(best) },
  { from: 76, title: 'pending', width: 7, align: 'right', cell: ({ pending }) => whole(pending) },
  { from: 80, title: 'delay', width: 5, align: 'right', cell: ({ delayMs }) => seconds(delayMs) },
]
