import type { DecisionLine, LogLine, RewardLine, SnapshotLine } from './schema.ts'

/** One endpoint's part of a log, under the definition of the reward that it had last. */
export interface JoinedLog {
  readonly endpoint: string
  readonly generation: string
  /** In order of time, one a key. */
  readonly decisions: readonly DecisionLine[]
  /** Those that count, in order of acceptance; one without a reward takes back what came before it. */
  readonly rewards: readonly RewardLine[]
  /** By id, in order of time. */
  readonly snapshots: ReadonlyMap<string, SnapshotLine>
  /** The newest time of any line, ms since 1970. */
  readonly endedAt: number
  /** Decisions under earlier definitions, which are left out. */
  readonly outdated: number
}

/**
 * Brings decisions and rewards together by key, wherever in the log they stand: a reward may be in an older file
 * than its decision or come first. Late, unknown and invalid feedback counted for nothing and is left out.
 *
 * @throws Error when the log has no decision of the endpoint
 */
export async function joinLog(lines: AsyncIterable<LogLine>, endpoint: string): Promise<JoinedLog> {
  const decisions = new Map<string, DecisionLine>()
  const rewards: RewardLine[] = []
  const snapshots = new Map<string, SnapshotLine>()
  const others = new Set<string>()
  const share = createSharing()
  let endedAt = -Infinity
  for await (const line of lines) {
    endedAt = Math.max(endedAt, line.type === 'reward' ? line.accepted_at : line.time)
    if (line.endpoint !== endpoint) {
      others.add(line.endpoint)
      continue
    }
    if (line.type === 'decision') decisions.set(line.key, share(line))
    else if (line.type === 'snapshot') snapshots.set(line.id, line)
    else if (line.type === 'reward' && counts(line)) rewards.push(line)
  }

  const inOrder = [...decisions.values()].toSorted((a, b) => a.time - b.time)
  const newest = inOrder.at(-1)
  if (newest === undefined) throw new Error(nothingOf(endpoint, others))
  const { generation } = newest
  const current = inOrder.filter((decision) => decision.generation === generation)
  const isOutdated = ({ key }: RewardLine) =>
    decisions.has(key) && decisions.get(key)!.generation !== generation
  return {
    endpoint,
    generation,
    decisions: current,
    rewards: rewards
      .filter((reward) => !isOutdated(reward))
      .toSorted((a, b) => a.accepted_at - b.accepted_at),
    snapshots: new Map(
      [...snapshots]
        .filter(([, snapshot]) => snapshot.generation === generation)
        .toSorted(([, a], [, b]) => a.time - b.time),
    ),
    endedAt,
    outdated: inOrder.length - current.length,
  }
}

/** The last reward of each decision, by key; undefined = the decision is void. */
export function finalRewards({ rewards }: JoinedLog): Map<string, number | undefined> {
  return new Map(rewards.map(({ key, reward }) => [key, reward]))
}

/** A duplicate says again what counts, which helps where the line of the first one was lost. */
function counts({ status, reward }: RewardLine): boolean {
  if (status === 'void') return true
  return reward !== undefined && (status === 'applied' || status === 'corrected' || status === 'duplicate')
}

/** Decisions of one snapshot mostly have the same arms and propensities: they are kept in memory once. */
function createSharing(): (line: DecisionLine) => DecisionLine {
  let last: DecisionLine | undefined
  return (line) => {
    const isSame =
      last !== undefined &&
      last.snapshot === line.snapshot &&
      isEqual(last.arms, line.arms) &&
      isEqual(last.propensities, line.propensities)
    if (!isSame) return (last = line)
    return { ...line, arms: last!.arms, propensities: last!.propensities }
  }
}

function isEqual<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at])
}

function nothingOf(endpoint: string, others: ReadonlySet<string>): string {
  const known = others.size === 0 ? 'is empty' : `has ${[...others].toSorted().join(', ')}`
  return `the log has no decision of endpoint "${endpoint}": it ${known}`
}
