import {
  contextualPolicyNames,
  type Basis,
  type Context,
  type Decision,
  type Feedback,
  type FeedbackOutcome,
  type LearningEndpoint,
  type OtherLabels,
  type Snapshot,
} from '../../bandit/index.ts'
import type { EndpointConfig } from '../config/endpoint-config.ts'
import { toLoggedSums } from './linear-belief.ts'
import type { MemberReport } from '../upstream/arm.ts'
import type { RewardLine, SnapshotLine } from './schema.ts'

/** What is said with every snapshot of an endpoint. */
export interface LoggedEndpoint {
  readonly settings: Pick<EndpointConfig, 'arms' | 'policy' | 'reward'>
  readonly learning: LearningEndpoint
}

export interface DecisionFacts {
  readonly failedOver: boolean
  readonly context: Context | undefined
  /** Whom the caller says that the prediction is for. */
  readonly unit?: string | undefined
  /** Of an ensemble. */
  readonly members?: readonly MemberReport[] | undefined
}

/** Written once a request, so it is put together by hand around `drawn`, the part that many decisions share. */
export function toDecisionLine(decision: Decision, drawn: string, facts: DecisionFacts): string {
  const { key, endpoint, generation, policy, arm, propensity, decidedAt, penalty: cost } = decision
  const failover = facts.failedOver ? ',"failover":true' : ''
  const version = decision.version === undefined ? '' : `,"version":${JSON.stringify(decision.version)}`
  const degraded = decision.degraded ? ',"degraded":true' : ''
  const sticky = decision.sticky === undefined ? '' : `,"sticky":"${decision.sticky}"`
  const rule = decision.rule === undefined ? '' : `,"rule":${JSON.stringify(decision.rule)}`
  const penalty = cost === undefined ? '' : `,"penalty":${cost}`
  const context = facts.context === undefined ? '' : `,"context":${JSON.stringify(facts.context)}`
  const members = facts.members === undefined ? '' : `,"members":${JSON.stringify(facts.members)}`
  // Keys, generations and names need no escapes: names are letters, digits, points, hyphens and underscores.
  return `{"type":"decision","key":"${key}","endpoint":"${endpoint}","generation":"${generation}","policy":"${policy}","arm":"${arm}","propensity":${propensity},"time":${decidedAt},${drawn}${version}${failover}${degraded}${sticky}${rule}${penalty}${context}${members}}\n`
}

export function toAnswersLine({ key, endpoint, decidedAt }: Decision, labels: OtherLabels): string {
  return `${JSON.stringify({ type: 'answers', key, endpoint, time: decidedAt, labels })}\n`
}

/** The fields that say what a decision was drawn from. */
export function toDrawn({ snapshot, arms, distribution, pending, held }: Basis, snapshotId: string): string {
  const unavailable = snapshot.beliefs.map(({ name }) => name).filter((name) => !arms.includes(name))
  const fields = {
    snapshot: snapshotId,
    arms,
    propensities: [...distribution],
    ...(unavailable.length > 0 && { unavailable }),
    ...(pending !== undefined && { pending: [...pending] }),
    ...(held !== undefined && { held: { from: [...held.from], most: held.most } }),
  }
  return JSON.stringify(fields).slice(1, -1)
}

export function toSnapshotLine(
  id: string,
  { endpoint, generation }: Decision,
  { takenAt, version, beliefs, limits }: Snapshot,
  {
    settings,
    learning: { endpoint: _e, generation: _g, store: _s, ledger: _l, ...learning },
  }: LoggedEndpoint,
): string {
  const defaultReward = settings.reward.default
  // They are many numbers, and only such a policy looks at them.
  const hears = contextualPolicyNames.some((name) => name === settings.policy.name)
  const line: SnapshotLine = {
    type: 'snapshot',
    id,
    endpoint,
    generation,
    time: takenAt,
    version,
    policy: { ...settings.policy },
    learning,
    ...(defaultReward !== undefined && { default_reward: defaultReward }),
    arms: beliefs.map(({ pending: _, linear, ...scalar }, at) => {
      const belief = { ...scalar, ...(linear && hears && { linear: toLoggedSums(linear) }) }
      const { minShare = 0, maxShare } = limits[at] ?? {}
      const { name } = belief
      return { name, min_share: minShare, ...(maxShare !== undefined && { max_share: maxShare }), belief }
    }),
  }
  return `${JSON.stringify(line)}\n`
}

/** Undefined for feedback whose decision was not verified: anybody could fill the disk with it. */
export function toRewardLine(feedback: Feedback, outcome: FeedbackOutcome): string | undefined {
  const { key, endpoint, arm, decidedAt, delayMs, status, reward } = outcome
  if (key === undefined || endpoint === undefined || arm === undefined) return undefined
  if (status === 'forged' || status === 'journalled') return undefined
  if (decidedAt === undefined || delayMs === undefined) return undefined
  const line: RewardLine = {
    type: 'reward',
    key,
    endpoint,
    arm,
    status,
    ...(reward !== undefined && { reward }),
    ...(feedback.eventId !== '' && { event_id: feedback.eventId }),
    ...(feedback.at !== undefined && { at: feedback.at }),
    decided_at: decidedAt,
    accepted_at: decidedAt + delayMs,
  }
  return `${JSON.stringify(line)}\n`
}
