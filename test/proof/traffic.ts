import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { Decision, Feedback } from '../../bandit/index.ts'

/** What all processes of a proof must agree on. */
export interface Traffic {
  /** Feedback in all, a multiple of 20: three quarters first rewards, a twentieth corrections, a fifth duplicates. */
  readonly events: number
  readonly seed: number
  /** When the first decision was made, ms since 1970. */
  readonly startMs: number
  /** Of this life of the endpoint. */
  readonly generation: string
}

export const endpoint = 'shop'
const arms = ['a', 'b', 'c', 'd']
const spanMs = 3_600_000
/** Every tenth decision has a twin of which nothing is ever heard. */
const silentEvery = 10

const firstsOf = ({ events }: Traffic): number => (events * 3) / 4
/** First rewards and corrections. */
export const statementsOf = ({ events }: Traffic): number => (events * 4) / 5
export const silentOf = (traffic: Traffic): number => Math.ceil(firstsOf(traffic) / silentEvery)
export const rewardedOf = firstsOf

/**
 * All of the feedback in the order in which it comes: number s says statement s, and s + statements says it again.
 * The duplicates are drawn anew each, so that some statements come several times.
 */
export function shuffled(traffic: Traffic): Uint32Array {
  const random = xoroshiro128plus(traffic.seed)
  const statements = statementsOf(traffic)
  const all = Uint32Array.from({ length: traffic.events }, (_, at) =>
    at < statements ? at : statements + uniformInt(random, 0, statements - 1),
  )
  for (let at = all.length - 1; at > 0; at--) {
    const other = uniformInt(random, 0, at)
    ;[all[at], all[other]] = [all[other]!, all[at]!]
  }
  return all
}

/** The decision that a statement is about; corrections are of every fifteenth one. */
function decisionAbout(statement: number, traffic: Traffic): number {
  const firsts = firstsOf(traffic)
  return statement < firsts ? statement : (statement - firsts) * 15
}

export function decisionOf(statement: number, traffic: Traffic): Decision {
  const index = decisionAbout(statement, traffic)
  const arm = mixed(index, 1) % arms.length
  return {
    key: `decision${index.toString(36).padStart(8, '0')}`,
    endpoint,
    arm: arms[arm]!,
    propensity: (arm + 1) / 10,
    policy: 'fixed',
    decidedAt: traffic.startMs + (mixed(index, 2) % spanMs),
    generation: traffic.generation,
    degraded: false,
  }
}

/** What number `told` of the shuffled feedback says. A duplicate is the same but for when it was accepted. */
export function feedbackOf(
  told: number,
  traffic: Traffic,
): { readonly statement: number; readonly feedback: Omit<Feedback, 'predictionId'> } {
  const statements = statementsOf(traffic)
  const statement = told % statements
  const { decidedAt } = decisionOf(statement, traffic)
  const at = decidedAt + (statement < firstsOf(traffic) ? 1000 : 2000)
  const acceptedAt = at + (mixed(statement, 3) % 60_000) + (told === statement ? 0 : 5000)
  const reward = (mixed(statement, 4) % 1_000_001) / 1e6
  return { statement, feedback: { eventId: 'click', reward, at, acceptedAt } }
}

/** Pulls that a piece of feedback stands for: of its own decision, the first time, and of a silent twin. */
export function pullsOf(told: number, traffic: Traffic): number {
  if (told >= firstsOf(traffic)) return 0
  return told % silentEvery === 0 ? 2 : 1
}

/** The 32-bit finaliser of MurmurHash3: a number that looks like chance but is always the same. */
function mixed(value: number, salt: number): number {
  let bits = Math.imul(value, 4) + salt
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
