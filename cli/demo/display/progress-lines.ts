import type { Progress } from '../progress.ts'
import { armColumns } from './arm-columns.ts'
import { clock } from './format.ts'
import { plain } from './paint.ts'
import { table } from './table.ts'
import { feedbackPieces, flow, regretPieces, requestPieces, stageText } from './totals.ts'

const width = 100
const indent = '      '

/** The state of one moment for a log: no colours, no cursor, one block of lines under its time. */
export const progressLines = (progress: Progress): string[] => [
  '',
  `${clock(progress.elapsedMs)}  ${stageText(progress)}`,
  ...[
    ...flow('requests', requestPieces(progress), width, plain),
    ...flow('feedback', feedbackPieces(progress), width, plain),
    ...flow('regret', regretPieces(progress), width, plain),
    ...table(armColumns(progress.arms, width - indent.length), progress.arms),
    progress.gateway,
  ].map((line) => indent + line),
]
