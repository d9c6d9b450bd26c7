import type { ArmReport, PhaseReport } from '../phase-report.ts'
import type { Report } from '../report.ts'
import { milliseconds, percent, plural, whole } from './format.ts'
import type { Paint } from './paint.ts'
import { table, type Column } from './table.ts'

/** Half of the requests waited longer to be sent, or to be answered, than an endpoint waits for its models. */
const keptUpMs = 1000
const tooSlow: [string, string] = ['machine', 'too slow, they waited for each other: --rate 50 sends fewer']

/** The report as it is printed at the end of a run, at most 80 cells wide. */
export const reportLines = (report: Report, paint: Paint): string[] => [
  ...report.phases.flatMap((phase) => ['', ...phaseLines(phase, paint)]),
  '',
  ...rewardLines(report, paint),
  '',
  ...trafficLines(report),
  '',
  ...report.checks.map(({ passed, text }) =>
    passed ? `${paint('green', '✓')} ${text}` : `${paint('red', '✗')} ${text}`,
  ),
]

const titles = { clean: 'Clean images', noisy: 'Dim, noisy images' } as const

const phaseLines = ({ phase, answered, right, best, arms }: PhaseReport, paint: Paint): string[] => [
  paint(
    'bold',
    `${titles[phase]}: ${whole(right)} of ${whole(answered)} right (${percent(right / answered, 1)})`,
  ),
  ...table(columns, arms, { paint, emphasised: ({ arm }) => arm === best.arm }),
]

const number = (title: string, width: number, cell: (row: ArmReport) => string): Column<ArmReport> => ({
  title,
  width,
  align: 'right',
  cell,
})

const columns: readonly Column<ArmReport>[] = [
  { title: 'arm', width: 14, align: 'left', cell: ({ arm }) => arm },
  number('share', 7, ({ share }) => percent(share, 1)),
  number('accuracy', 8, ({ accuracy }) => percent(accuracy, 1)),
  number('last third', 10, ({ lateShare }) => percent(lateShare, 1)),
  number('accuracy', 8, ({ lateAccuracy }) => percent(lateAccuracy, 1)),
  number('alone on all', 12, ({ alone }) => percent(alone, 1)),
]

const rewardLines = ({ reward, phases }: Report, paint: Paint): string[] => {
  const best = phases.map((phase) => phase.best.arm).join(', then ')
  const line = (name: string, right: number, rest: string) =>
    `${name.padEnd(14)}${whole(right).padStart(7)} right of ${whole(reward.of)}  ${percent(right / reward.of, 1).padStart(6)}  ${rest}`
  return [
    paint(
      'bold',
      line('this run', reward.got, `${percent(reward.got / reward.alwaysBest, 1)} of always best`),
    ),
    line('always best', reward.alwaysBest, best),
    line('uniform', reward.uniform, 'every arm equally often'),
  ]
}

const trafficLines = ({ run, requests, feedback, sameAsModels }: Report): string[] => {
  const failures = Object.entries(requests.failures).map(([reason, count]) => `${whole(count)} ${reason}`)
  const outcomes = Object.entries(feedback.outcomes).map(([outcome, count]) => `${whole(count)} ${outcome}`)
  const facts: [string, string][] = [
    [
      'requests',
      `${whole(requests.sent)} sent, ${whole(requests.failed)} failed${failures.length > 0 ? ` (${failures.join(', ')})` : ''}, ${whole(requests.retried)} retried`,
    ],
    ['latency', `p50 ${milliseconds(requests.p50Ms)}, p99 ${milliseconds(requests.p99Ms)}`],
    ...(requests.p50Ms > keptUpMs ? [tooSlow] : []),
    [
      'feedback',
      `${outcomes.join(', ')}, ${whole(feedback.retried)} retried; ${plural(feedback.batches, 'batch', 'batches')}`,
    ],
    [
      'answers',
      `${whole(sameAsModels)} of ${whole(requests.answered)} as the arm says when it is asked past the gateway`,
    ],
    [
      'gateway',
      `${run.policy} on ${run.store}, restarted ${plural(run.gatewayRestarts, 'time', 'times')}, seed ${run.seed}`,
    ],
  ]
  return facts.map(([name, text]) => `${name.padEnd(14)}${text}`)
}
