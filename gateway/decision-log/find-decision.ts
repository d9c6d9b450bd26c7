import { readLog, type Note } from './read-log.ts'
import type { AnswersLine, DecisionLine, RewardLine, SnapshotLine } from './schema.ts'

/** All that a log says of one decision. */
export interface FoundDecision {
  readonly decision: DecisionLine
  /** Absent where its line was lost. */
  readonly snapshot: SnapshotLine | undefined
  /** What was predicted by the arm and beside it, by what did; empty where nobody scores it. */
  readonly labels: AnswersLine['labels']
  /** In order of acceptance. */
  readonly rewards: readonly RewardLine[]
}

/** Reads the whole log once, and once more for the snapshot; only lines with the key in them are looked at. */
export async function findDecision(dir: string, key: string, note: Note): Promise<FoundDecision | undefined> {
  let decision: DecisionLine | undefined
  const rewards: RewardLine[] = []
  const labels: AnswersLine['labels'] = {}
  for await (const line of readLog(dir, note, (text) => text.includes(key))) {
    if (line.type === 'decision' && line.key === key) decision = line
    if (line.type === 'answers' && line.key === key) Object.assign(labels, line.labels)
    if (line.type === 'reward' && line.key === key) rewards.push(line)
  }
  if (decision === undefined) return undefined
  return {
    decision,
    snapshot: await findSnapshot(dir, decision.snapshot),
    labels,
    rewards: rewards.toSorted((a, b) => a.accepted_at - b.accepted_at),
  }
}

async function findSnapshot(dir: string, id: string): Promise<SnapshotLine | undefined> {
  const isIt = (text: string) => text.startsWith('{"type":"snapshot"') && text.includes(id)
  for await (const line of readLog(dir, () => {}, isIt)) {
    if (line.type === 'snapshot' && line.id === id) return line
  }
  return undefined
}
