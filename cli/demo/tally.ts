/** Predicted label of a request that got no answer. */
const noLabel = 255

export interface Answer {
  readonly arm: string
  readonly label: number
  readonly truth: number
  readonly latencyMs: number
}

export interface ArmCount {
  readonly answered: number
  readonly right: number
}

export interface RequestCounts {
  /** Requests sent, however often each was tried. */
  readonly sent: number
  readonly answered: number
  readonly failed: number
  /** Tries beyond the first of each request. */
  readonly retried: number
  /** Answers that the gateway could not record because its store was away. */
  readonly unrecorded: number
}

export interface FeedbackCounts {
  /** Events by the gateway's verdict. */
  readonly outcomes: ReadonlyMap<string, number>
  /** Decisions whose label was acknowledged at least once. */
  readonly acknowledged: number
  readonly retried: number
  readonly batches: number
}

/** Where traffic writes down what happened, request by request, and everybody else reads sums of it. */
export class Tally {
  readonly arms: readonly string[]
  readonly total: number
  #requests = { sent: 0, answered: 0, failed: 0, retried: 0, unrecorded: 0 }
  #feedback = { acknowledged: 0, retried: 0, batches: 0 }
  readonly #outcomes = new Map<string, number>()
  readonly #failures = new Map<string, number>()
  // One place for each request: a run of an hour stays small, and any window is a slice.
  readonly #arm: Uint8Array
  readonly #label: Uint8Array
  readonly #truth: Uint8Array
  readonly #latencyMs: Float32Array
  readonly #acknowledged: Uint8Array

  constructor(arms: readonly string[], total: number) {
    this.arms = arms
    this.total = total
    this.#arm = new Uint8Array(total)
    this.#label = new Uint8Array(total).fill(noLabel)
    this.#truth = new Uint8Array(total)
    this.#latencyMs = new Float32Array(total)
    this.#acknowledged = new Uint8Array(total)
  }

  requestSent(): void {
    this.#requests.sent++
  }

  requestRetried(): void {
    this.#requests.retried++
  }

  requestFailed(reason: string): void {
    this.#requests.failed++
    add(this.#failures, reason, 1)
  }

  answered(index: number, answer: Answer): void {
    const arm = this.arms.indexOf(answer.arm)
    if (arm < 0) throw new Error(`The gateway answered by an arm that it did not list: ${answer.arm}`)
    this.#requests.answered++
    this.#arm[index] = arm
    this.#label[index] = answer.label
    this.#truth[index] = answer.truth
    this.#latencyMs[index] = answer.latencyMs
  }

  answeredUnrecorded(): void {
    this.#requests.unrecorded++
  }

  feedbackRetried(): void {
    this.#feedback.retried++
  }

  feedbackBatch(): void {
    this.#feedback.batches++
  }

  feedbackOutcome(outcome: string, count = 1): void {
    add(this.#outcomes, outcome, count)
  }

  acknowledged(index: number): void {
    if (this.#acknowledged[index] === 1) return
    this.#acknowledged[index] = 1
    this.#feedback.acknowledged++
  }

  get requests(): RequestCounts {
    return { ...this.#requests }
  }

  get feedback(): FeedbackCounts {
    return { ...this.#feedback, outcomes: new Map(this.#outcomes) }
  }

  /** How many requests failed for which reason. */
  get failures(): ReadonlyMap<string, number> {
    return new Map(this.#failures)
  }

  /** The answers to the requests from index `from` up to but without `to`, per arm in the order of `arms`. */
  armCounts(from: number, to: number): readonly ArmCount[] {
    const counts = this.arms.map(() => ({ answered: 0, right: 0 }))
    for (let index = Math.max(0, from); index < Math.min(to, this.total); index++) {
      if (!this.hasAnswer(index)) continue
      const count = counts[this.#arm[index]!]!
      count.answered++
      if (this.#label[index] === this.#truth[index]) count.right++
    }
    return counts
  }

  /** Distinct decisions whose label was acknowledged, per arm in the order of `arms`. */
  acknowledgedByArm(): readonly number[] {
    const counts = this.arms.map(() => 0)
    for (let index = 0; index < this.total; index++) {
      if (this.#acknowledged[index] === 1) counts[this.#arm[index]!]!++
    }
    return counts
  }

  /** From the first try to the answer, for the requests from `from` up to but without `to`. */
  latencies(from: number, to: number): Float32Array {
    return this.#latencyMs.slice(from, to).filter((_, offset) => this.hasAnswer(from + offset))
  }

  hasAnswer(index: number): boolean {
    return this.#label[index] !== noLabel
  }

  armOf(index: number): string {
    return this.arms[this.#arm[index]!]!
  }

  labelOf(index: number): number {
    return this.#label[index]!
  }
}

const add = (counts: Map<string, number>, name: string, count: number): void => {
  if (count > 0) counts.set(name, (counts.get(name) ?? 0) + count)
}
