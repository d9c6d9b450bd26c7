import type { Bench } from './bench.ts'

/** One fault, what it must come to, and the run that finds out. */
export interface Scenario {
  /** A letter for the group and a number: `A1`. */
  readonly id: string
  /** What is done to the gateway. */
  readonly does: string
  /** What has to be seen. */
  readonly expects: string
  /** Too long, or too heavy, for every push. */
  readonly byHand?: boolean
  /** The test that shows it with every push, so that it need not be shown twice. */
  readonly shownBy?: string
  /** It measures milliseconds, and so nothing else may run beside it. */
  readonly alone?: boolean
  /** It waits most of its time, so that others of its kind can run beside it, all at once. */
  readonly waits?: boolean
  /** Default 120 s. */
  readonly limitMs?: number
  /** Answers what was seen, in figures. Throws where it is not what was expected. */
  run(bench: Bench): Promise<string>
}

/** What was seen and must not be. */
class Broken extends Error {}

/** @throws with `seen`, which completes the sentence "it was seen that …", unless `condition` holds */
export function demand(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new Broken(seen)
}

export interface Result {
  readonly scenario: Scenario
  readonly held: boolean
  readonly seen: string
  readonly seconds: number
}
