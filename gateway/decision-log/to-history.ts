import type { History, HistoryArm } from '../../bandit/index.ts'
import type { JoinedLog } from './join-log.ts'
import { toBelief } from './linear-belief.ts'
import { encodingOf, featuresOf } from './logged-context.ts'
import type { SnapshotLine } from './schema.ts'

/**
 * The log as evaluation takes it.
 *
 * @throws Error when no line says what was known at the beginning, or a context is not as the endpoint took it
 */
export function toHistory(log: JoinedLog): History {
  const [first] = log.snapshots.values()
  if (first === undefined) {
    throw new Error(
      `the log has decisions of ${log.endpoint}, but no snapshot line that says what they were drawn from`,
    )
  }
  const arrays = new WeakMap<readonly number[], Float64Array>()
  function sharedArray(numbers: readonly number[]): Float64Array {
    const array = arrays.get(numbers) ?? Float64Array.from(numbers)
    arrays.set(numbers, array)
    return array
  }
  const encoding = encodingOf(first)
  return {
    ...(encoding && { dimension: encoding.dimension }),
    arms: armsOf(log),
    beganAt: first.time,
    endedAt: log.endedAt,
    learning: first.learning as unknown as History['learning'],
    // Where only successes report, silence is a 0 in the end.
    defaultReward: first.default_reward ?? (first.learning['delay'] === 'corrected' ? 0 : undefined),
    decisions: log.decisions.map((decision) => ({
      key: decision.key,
      decidedAt: decision.time,
      arms: decision.arms,
      propensities: sharedArray(decision.propensities),
      chosen: decision.arms.indexOf(decision.arm),
      ...(decision.sticky !== undefined && { unit: decision.sticky }),
      ...(decision.penalty !== undefined && { penalty: decision.penalty }),
      ...(encoding && { features: featuresOf(decision, encoding) }),
    })),
    rewards: log.rewards.map(({ key, arm, decided_at, accepted_at, reward }) => ({
      key,
      arm,
      decidedAt: decided_at,
      knownAt: accepted_at,
      reward,
    })),
  }
}

/** Every arm with what was believed of it when it was first heard of. */
function armsOf({ snapshots, decisions }: JoinedLog): HistoryArm[] {
  const arms = new Map<string, HistoryArm>()
  for (const snapshot of snapshots.values()) {
    for (const arm of snapshot.arms) if (!arms.has(arm.name)) arms.set(arm.name, toArm(arm))
  }
  // The line of a snapshot may have been lost.
  for (const name of decisions.flatMap((decision) => decision.arms)) {
    if (!arms.has(name)) arms.set(name, { belief: { name, ...nothing } })
  }
  return [...arms.values()]
}

const nothing = { count: 0, sum: 0, sumOfSquares: 0, importanceSum: 0, successes: 0 }

function toArm({ belief }: SnapshotLine['arms'][number]): HistoryArm {
  return { belief: toBelief(belief) }
}
