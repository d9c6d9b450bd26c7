import type { Basis, Decision, Feedback, FeedbackOutcome, OtherLabels, Snapshot } from '../../bandit/index.ts'
import type { LineWriter } from './line-writer.ts'
import {
  toAnswersLine,
  toDecisionLine,
  toDrawn,
  toRewardLine,
  toSnapshotLine,
  type DecisionFacts,
  type LoggedEndpoint,
} from './to-lines.ts'

/** Keeps what was decided and what came of it. Nothing here waits, and nothing that fails here stops a request. */
export interface DecisionLog {
  /** The decision was answered. */
  decided(decision: Decision, facts: DecisionFacts): void
  /** What was predicted beside the answer of a decision, and by it; told again of what comes later. */
  labelled(decision: Decision, labels: OtherLabels): void
  rewarded(feedback: Feedback, outcome: FeedbackOutcome): void
  close(): Promise<void>
}

export interface DecisionLogDeps {
  /** Starts every snapshot's id; unique for this start of this process. */
  readonly gateway: string
  readonly endpoints: ReadonlyMap<string, LoggedEndpoint>
  readonly writer: LineWriter
}

/** A snapshot that decisions were drawn from, and the newest file that has its line. */
interface Known {
  readonly id: string
  readonly line: string
  file: number
}

export function createDecisionLog({ gateway, endpoints, writer }: DecisionLogDeps): DecisionLog {
  const snapshots = new WeakMap<Snapshot, Known>()
  const shared = new WeakMap<Basis, string>()
  let count = 0

  /** Every file that has a decision has its snapshot too, so that it can be read when older files are gone. */
  function snapshotOf(decision: Decision, snapshot: Snapshot): Known {
    let known = snapshots.get(snapshot)
    if (known === undefined) {
      const id = `${gateway}-${(count += 1)}`
      const endpoint = endpoints.get(decision.endpoint)!
      known = { id, line: toSnapshotLine(id, decision, snapshot, endpoint), file: 0 }
      snapshots.set(snapshot, known)
    }
    // The line itself may fill a file, and the decision then goes to the next one.
    for (let tries = 0; tries < 2 && known.file !== writer.file; tries++) {
      const { file } = writer
      if (writer.write(known.line)) known.file = file
    }
    return known
  }

  function drawnFrom(basis: Basis, id: string): string {
    if (basis.pending !== undefined) return toDrawn(basis, id)
    let drawn = shared.get(basis)
    if (drawn === undefined) shared.set(basis, (drawn = toDrawn(basis, id)))
    return drawn
  }

  return {
    decided(decision, facts) {
      const { basis } = decision
      if (basis === undefined) return
      const { id } = snapshotOf(decision, basis.snapshot)
      writer.write(toDecisionLine(decision, drawnFrom(basis, id), facts))
    },
    labelled(decision, labels) {
      writer.write(toAnswersLine(decision, labels))
    },
    rewarded(feedback, outcome) {
      const line = toRewardLine(feedback, outcome)
      if (line !== undefined) writer.write(line)
    },
    close: () => writer.close(),
  }
}
