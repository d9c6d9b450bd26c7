/** What became of the calls of each arm of an endpoint, since this gateway has started. */
export interface ArmTally {
  answered(arm: string, rows: number, tookMs: number): void
  failed(arm: string, tookMs: number): void
  of(arm: string): Readonly<ArmCounts>
}

export interface ArmCounts {
  answers: number
  rows: number
  answeredMs: number
  failures: number
  failedMs: number
  /** Milliseconds since 1970; 0 before the first. */
  lastAt: number
}

export function createArmTally(arms: readonly string[], clock: () => number): ArmTally {
  const counts = new Map(
    arms.map((arm): [string, ArmCounts] => [
      arm,
      { answers: 0, rows: 0, answeredMs: 0, failures: 0, failedMs: 0, lastAt: 0 },
    ]),
  )
  return {
    answered(arm, rows, tookMs) {
      const own = counts.get(arm)!
      own.answers += 1
      own.rows += rows
      own.answeredMs += tookMs
      own.lastAt = clock()
    },
    failed(arm, tookMs) {
      const own = counts.get(arm)!
      own.failures += 1
      own.failedMs += tookMs
    },
    of: (arm) => counts.get(arm)!,
  }
}
