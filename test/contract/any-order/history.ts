import fc from 'fast-check'
import {
  combineNames,
  createEncoding,
  delayNames,
  type Combine,
  type Delay,
  type Encoding,
  type Forgetting,
} from '../../../bandit/index.ts'

export const windowMs = 60_000
export const bucketMs = 1000

/** Slots are so far apart that a half-life or a sliding window tells their decisions apart. */
export const slotMs = 7 * bucketMs
const slots = 5
const gateways = 3
const mostDecisions = 10

export interface Rules {
  readonly combine: Combine
  readonly delay: Delay
  readonly corrections: boolean
  readonly defaultMicro: number | undefined
  readonly forgetting: Forgetting
  /** Whether rewards are what a true label says, of the arm and of what answered beside it. */
  readonly fromLabels: boolean
  /** Of the decisions' contexts, where the endpoint learns by them. */
  readonly encoding: Encoding | undefined
}

/** What happened, in whatever order it is heard of. */
export interface History {
  readonly rules: Rules
  readonly decisions: readonly PlannedDecision[]
  readonly feedback: readonly PlannedFeedback[]
  /** Slots whose windows end; decisions of later ones stay open. */
  readonly endedSlots: number
}

export interface PlannedDecision {
  readonly slot: number
  /** Milliseconds into the slot; some share a bucket and some do not. */
  readonly offsetMs: number
  readonly context: { readonly age: number; readonly member: boolean }
}

export interface PlannedFeedback {
  /** Index of the decision. */
  readonly of: number
  /** Undefined where the prediction was never shown. */
  readonly event: { readonly eventId: string; readonly atMs: number; readonly reward: number } | undefined
  /** After the decision; some are accepted after the window. */
  readonly acceptedMs: number
}

/** One way in which gateways hear of a history. */
export interface Order {
  /** Which gateway makes each decision. */
  readonly deciders: readonly number[]
  /** Indexes into the feedback, each of them once or twice; and through which gateway it comes. */
  readonly heard: readonly { readonly feedback: number; readonly gateway: number }[]
  /** How many pieces of feedback come, all at once, before each step of the decisions' life; the rest comes last. */
  readonly gaps: readonly number[]
  /** In which slots each gateway flushes without hearing of it. */
  readonly lostFlushes: readonly (readonly boolean[])[]
  /** A slot's window is ended so many slots later. */
  readonly endLag: number
}

/** 1, age and member. */
const encoding = createEncoding({
  features: [
    { kind: 'range', name: 'age', low: 0, high: 90 },
    { kind: 'boolean', name: 'member' },
  ],
  interactions: [],
})

const rules: fc.Arbitrary<Rules> = fc.record({
  combine: fc.constantFrom<Combine>(...combineNames),
  delay: fc.constantFrom<Delay>(...delayNames),
  corrections: fc.boolean(),
  defaultMicro: fc.constantFrom(0, 250_000, undefined),
  forgetting: fc.constantFrom<Forgetting>(
    { kind: 'none' },
    { kind: 'half-life', halfLifeMs: 20_000 },
    { kind: 'sliding-window', spanMs: 600_000 },
  ),
  fromLabels: fc.boolean(),
  encoding: fc.constantFrom(undefined, encoding),
})

const decision = fc.record({
  slot: fc.nat(slots - 1),
  offsetMs: fc.nat(2 * bucketMs - 1),
  context: fc.record({ age: fc.nat(90), member: fc.boolean() }),
})

const event = fc.record({
  eventId: fc.constantFrom('', 'click', 'sale'),
  atMs: fc.integer({ min: 1, max: 9 }),
  reward: fc.integer({ min: 0, max: 1_000_000 }).map((micro) => micro / 1e6),
})

const feedbackOn = (decisions: number): fc.Arbitrary<PlannedFeedback> =>
  fc.record({
    of: fc.nat(decisions - 1),
    event: fc.option(event, { freq: 6, nil: undefined }),
    acceptedMs: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 10, max: windowMs }) },
      { weight: 1, arbitrary: fc.integer({ min: windowMs - 1, max: windowMs + 20_000 }) },
    ),
  })

const history: fc.Arbitrary<History> = fc
  .array(decision, { minLength: 1, maxLength: mostDecisions })
  .chain((decisions) =>
    fc.record({
      rules,
      decisions: fc.constant(decisions),
      feedback: fc.array(feedbackOn(decisions.length), { maxLength: 3 * mostDecisions }),
      endedSlots: fc.nat(slots),
    }),
  )

const gateway = fc.nat(gateways - 1)

const orderOf = ({ decisions, feedback }: History): fc.Arbitrary<Order> => {
  const twice = [...feedback.keys(), ...feedback.keys()]
  const exactly = (length: number) => ({ minLength: length, maxLength: length })
  return fc.record({
    deciders: fc.array(gateway, exactly(decisions.length)),
    heard: fc
      .tuple(
        fc.shuffledSubarray(twice, { minLength: twice.length }),
        fc.array(gateway, exactly(twice.length)),
        fc.array(fc.boolean(), exactly(feedback.length)),
      )
      .map(([mixed, through, again]) =>
        once(mixed, again).map((index, at) => ({ feedback: index, gateway: through[at]! })),
      ),
    gaps: fc.array(fc.nat(4), { maxLength: 6 * slots }),
    lostFlushes: fc.array(fc.array(fc.boolean(), exactly(gateways)), exactly(slots)),
    endLag: fc.nat(2),
  })
}

/** Leaves the second of each pair out where it does not come again. */
const once = (mixed: readonly number[], again: readonly boolean[]): number[] =>
  mixed.filter((index, at) => again[index] === true || mixed.indexOf(index) === at)

/** A history and two ways in which it may be heard of. */
export const historyAndOrders = history.chain((told) =>
  fc.record({ history: fc.constant(told), orders: fc.tuple(orderOf(told), orderOf(told)) }),
)

/** As it would be told from scratch: by one gateway, everything once, windows ended when all is said. */
export const plainOrder = ({ decisions, feedback }: History): Order => ({
  deciders: decisions.map(() => 0),
  heard: feedback.map((_, index) => ({ feedback: index, gateway: 0 })),
  gaps: [],
  lostFlushes: [],
  endLag: slots,
})

/** What happens to the decisions, in turn: each is made and flushed before its window is ended. */
export type LifeStep =
  | { readonly kind: 'decide'; readonly decision: number; readonly gateway: number }
  | { readonly kind: 'flush'; readonly slot: number; readonly lost: readonly boolean[] }
  | { readonly kind: 'end'; readonly throughSlot: number }

export const lifeOf = ({ decisions, endedSlots }: History, order: Order): LifeStep[] => {
  const steps: LifeStep[] = []
  for (let slot = 0; slot < slots; slot++) {
    for (const [index, planned] of decisions.entries())
      if (planned.slot === slot)
        steps.push({ kind: 'decide', decision: index, gateway: order.deciders[index]! })
    steps.push({ kind: 'flush', slot, lost: order.lostFlushes[slot] ?? [] })
    const through = Math.min(slot - order.endLag, endedSlots - 1)
    if (through >= 0) steps.push({ kind: 'end', throughSlot: through })
  }
  if (endedSlots > 0) steps.push({ kind: 'end', throughSlot: endedSlots - 1 })
  return steps
}
