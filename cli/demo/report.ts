import { percent } from './display/format.ts'
import type { Oracle } from './oracle.ts'
import { percentile } from './percentile.ts'
import { comparePhase, type PhaseReport } from './phase-report.ts'
import { changeAt } from './stream.ts'
import type { Tally } from './tally.ts'
import { differing, type ArmTotal } from './totals.ts'

export interface Report {
  readonly run: RunFacts
  readonly phases: readonly PhaseReport[]
  /** Numbers of right answers: what there was, and what two other ways of choosing would have had. */
  readonly reward: {
    readonly got: number
    readonly of: number
    /** The best single arm of each phase, known beforehand. */
    readonly alwaysBest: number
    /** Every arm equally often; the expected number. */
    readonly uniform: number
  }
  readonly requests: {
    readonly sent: number
    readonly answered: number
    readonly failed: number
    readonly failures: Readonly<Record<string, number>>
    readonly retried: number
    readonly unrecorded: number
    readonly p50Ms: number
    readonly p99Ms: number
  }
  readonly feedback: {
    readonly outcomes: Readonly<Record<string, number>>
    readonly acknowledged: number
    readonly retried: number
    readonly batches: number
  }
  readonly totals: readonly ArmTotal[]
  /** Answers whose label is the one that the arm gives when it is asked past the gateway. */
  readonly sameAsModels: number
  readonly checks: readonly Check[]
  readonly passed: boolean
}

export interface RunFacts {
  readonly seed: number
  readonly perSecond: number
  readonly seconds: number
  readonly policy: string
  readonly store: string
  readonly gatewayRestarts: number
}

export interface Check {
  readonly name: 'requests' | 'reward' | 'labels' | 'totals'
  readonly passed: boolean
  readonly text: string
}

/** Part of the always-best reward that a run must reach. */
const rewardWanted = 0.9

export const toReport = (inputs: {
  readonly run: RunFacts
  readonly tally: Tally
  readonly oracle: Oracle
  readonly totals: readonly ArmTotal[]
}): Report => {
  const { run, tally, oracle, totals } = inputs
  const change = changeAt(tally.total)
  const phases = [
    comparePhase('clean', 0, change, tally, oracle),
    comparePhase('noisy', change, tally.total, tally, oracle),
  ]
  const reward = {
    got: sum(phases, ({ right }) => right),
    of: sum(phases, ({ answered }) => answered),
    alwaysBest: sum(phases, ({ best }) => best.right),
    uniform: sum(phases, ({ uniformRight }) => uniformRight),
  }
  const latencies = tally.latencies(0, tally.total)
  const requests = {
    ...tally.requests,
    failures: Object.fromEntries(tally.failures),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  }
  const feedback = { ...tally.feedback, outcomes: Object.fromEntries(tally.feedback.outcomes) }
  const checks = toChecks({ reward, requests, feedback, totals })
  return {
    run,
    phases,
    reward,
    requests,
    feedback,
    totals,
    sameAsModels: countSame(tally, oracle),
    checks,
    passed: checks.every(({ passed }) => passed),
  }
}

const toChecks = ({
  reward,
  requests,
  feedback,
  totals,
}: Pick<Report, 'reward' | 'requests' | 'feedback' | 'totals'>): Check[] => {
  const ofBest = reward.got / reward.alwaysBest
  const missing = requests.answered - requests.unrecorded - feedback.acknowledged
  const unequal = differing(totals).map(
    ({ arm, acknowledged, rewarded }) => `${arm} ${rewarded} of ${acknowledged}`,
  )
  return [
    check('requests', requests.failed === 0, {
      passed: 'every request was answered',
      failed: `${requests.failed} of ${requests.sent} requests failed`,
    }),
    check('reward', ofBest >= rewardWanted, {
      passed: `${percent(ofBest, 1)} of the reward of always the best arm, at least ${percent(rewardWanted)} wanted`,
      failed: `only ${percent(ofBest, 1)} of the reward of always the best arm, ${percent(rewardWanted)} wanted`,
    }),
    check('labels', missing === 0, {
      passed: 'every label was acknowledged',
      failed: `${missing} labels were not acknowledged`,
    }),
    check('totals', unequal.length === 0, {
      passed: 'the store has counted every acknowledged label once',
      failed: `the store has not counted every acknowledged label once: ${unequal.join(', ')}`,
    }),
  ]
}

const check = (name: Check['name'], passed: boolean, texts: { passed: string; failed: string }): Check => ({
  name,
  passed,
  text: passed ? texts.passed : texts.failed,
})

const countSame = (tally: Tally, { labels }: Oracle): number => {
  let same = 0
  for (let index = 0; index < tally.total; index++) {
    if (tally.hasAnswer(index) && labels.get(tally.armOf(index))![index] === tally.labelOf(index)) same++
  }
  return same
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0)
