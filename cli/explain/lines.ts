import type { PredictionIds } from '../../bandit/index.ts'
import type { FoundDecision } from '../../gateway/decision-log/find-decision.ts'
import { rederive } from '../../gateway/decision-log/rederive.ts'
import type { DecisionLine, RewardLine } from '../../gateway/decision-log/schema.ts'

type Claims = NonNullable<ReturnType<PredictionIds['verify']>>

export interface Explained {
  readonly lines: readonly string[]
  /** What does not agree; empty when all does. */
  readonly faults: readonly string[]
}

export function claimLines(claims: Claims): string[] {
  const { endpoint, arm, propensity, decidedAt, key, generation, degraded } = claims
  return [
    'genuine: sealed with one of the keys in use',
    `endpoint    ${endpoint}, definition of the reward ${generation}`,
    `decided     ${time(decidedAt)}${degraded ? ', degraded' : ''}`,
    `arm         ${arm}, with propensity ${propensity}`,
    `key         ${key}`,
  ]
}

export function decisionLines(
  claims: Claims,
  { decision, snapshot, labels, rewards }: FoundDecision,
): Explained {
  const faults: string[] = []
  if (decision.arm !== claims.arm || decision.propensity !== claims.propensity)
    faults.push(`the log has arm ${decision.arm} with propensity ${decision.propensity}`)
  const lines = [
    `policy      ${decision.policy}${decision.failover ? ', after another arm had failed' : ''}`,
    ...armLines(decision),
    ...heldLines(decision),
    ...(decision.penalty === undefined ? [] : [`penalty     ${decision.penalty}`]),
    ...(decision.context === undefined ? [] : [`context     ${JSON.stringify(decision.context)}`]),
    ...memberLines(decision),
    ...labelLines(labels),
    ...rewards.map(rewardLine),
  ]
  if (snapshot === undefined)
    return {
      lines: [...lines, `made again  no: snapshot ${decision.snapshot} is not in the log any more`],
      faults,
    }

  const { difference, agrees, arm } = rederive(decision, snapshot)
  lines.push(
    `snapshot    ${snapshot.id} of ${time(snapshot.time)}, version ${snapshot.version}`,
    `made again  ${agrees ? 'agrees' : 'DOES NOT AGREE'}: greatest difference ${difference}, the key falls on ${arm}`,
  )
  if (!agrees)
    faults.push(`made again from ${snapshot.id} it is ${arm}, propensities differ by ${difference}`)
  return { lines, faults }
}

function armLines({ arms, propensities, pending, unavailable = [] }: DecisionLine): string[] {
  const width = Math.max(...arms.map((name) => name.length), ...unavailable.map((name) => name.length))
  const chosen = arms.map((name, at) => {
    const waiting = pending === undefined ? '' : `, ${pending[at]} pending`
    return `  ${name.padEnd(width)}  ${propensities[at]}${waiting}`
  })
  return ['chosen from', ...chosen, ...unavailable.map((name) => `  ${name.padEnd(width)}  unavailable`)]
}

function heldLines({ held }: DecisionLine): string[] {
  if (held === undefined) return []
  return [`held back   from ${held.from.join(', ')}, by at most ${held.most} at once`]
}

function memberLines({ members = [] }: DecisionLine): string[] {
  const lines = members.map(({ model, status, weight }) => `  ${model}  ${status}, weight ${weight}`)
  return lines.length === 0 ? [] : ['members', ...lines]
}

/** So many as can be read; an answer to many rows has as many labels. */
const shownLabels = 8

function labelLines(labels: FoundDecision['labels']): string[] {
  const lines = Object.entries(labels).map(([subject, all]) => {
    const more = all.length > shownLabels ? `, and ${all.length - shownLabels} more` : ''
    return `  ${subject}  ${all.slice(0, shownLabels).join(', ')}${more}`
  })
  return lines.length === 0 ? [] : ['predicted', ...lines]
}

function rewardLine({ status, reward, event_id, accepted_at }: RewardLine): string {
  const event = event_id === undefined ? '' : ` (event ${event_id})`
  return `feedback    ${status}${reward === undefined ? '' : `, reward ${reward}`} at ${time(accepted_at)}${event}`
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}
