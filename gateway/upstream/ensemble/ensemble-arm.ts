import type { Tensor } from '../../../model-workers/protocol/types.ts'
import { type Argmax, setArgmax } from './argmax.ts'
import type { Arm, ArmAnswer, Caller, MemberOutputs, MemberReport } from '../arm.ts'
import { type Clock, systemClock } from '../calls/clock.ts'
import { combineOutputs } from './combine.ts'
import { UpstreamError, type UpstreamErrorOptions, type UpstreamFault } from '../errors.ts'
import { untilAnswered, untilFirst } from './first-answer.ts'
import type { Lane } from '../calls/lane.ts'
import type { ModelUpstream } from '../model-upstream.ts'
import { outputWithNaN } from '../output-check.ts'
import { stackOutputs } from './stack.ts'

/** A model that combines an output of all members, see `stack.ts`. */
interface Stack {
  readonly upstream: Pick<ModelUpstream, 'name' | 'available' | 'wake' | 'metadata' | 'infer'>
  readonly over: string
}

interface EnsembleArmDeps {
  readonly name: string
  readonly members: readonly Pick<ModelUpstream, 'name' | 'available' | 'wake' | 'infer'>[]
  /** As of now, one for each member, > 0; only the proportions matter. */
  readonly weights: () => readonly number[]
  /** `means` of floats where absent; other outputs are decided by majority. */
  readonly combine?: 'means' | 'medians' | 'first' | Stack
  /** Members that must answer. */
  readonly quorum: number
  /** How long the members have, within the caller's own deadline. */
  readonly deadlineMs: number
  /** Lets this output follow the mean of another instead of the members' votes, so that both say the same. */
  readonly argmax?: Argmax
  /** Whether members that are outrun go on, as a true label scores them too; else they end with the caller. */
  readonly isScored?: boolean
  /** Whether no more members than the quorum are asked, those of the greatest weight; absent = never. */
  readonly isFrugal?: (() => boolean) | undefined
  /** Of its endpoint. */
  readonly lane?: Lane | undefined
  readonly clock?: Pick<Clock, 'now'>
}

type Member = EnsembleArmDeps['members'][number]
/** What became of one member's call; undefined when it could not be asked. */
type Reply = readonly Tensor[] | UpstreamError | 'spared' | 'outrun' | undefined

/**
 * An arm that asks all its members at once and answers with what they say together: as soon as every member has
 * answered or failed, at the latest at the deadline with those that have answered by then. Their weights are
 * renormalised: where one member is lost, the others carry its weight. Callers that are exact get the answer of all, and
 * where one is enough that of the first in the list.
 */
export function createEnsembleArm(deps: EnsembleArmDeps): Arm {
  const { name, members, quorum, deadlineMs, argmax, isFrugal, lane, clock = systemClock } = deps
  const { combine = 'means', isScored = false } = deps
  const stack = typeof combine === 'object' ? combine : undefined

  async function infer(inputs: readonly Tensor[], deadlineAt: number, caller?: Caller): Promise<ArmAnswer> {
    // Every member keeps this deadline, so waiting for all of them is waiting until then at most.
    const isExact = caller?.exact !== undefined
    const until = isExact ? deadlineAt : Math.min(deadlineAt, clock.now() + deadlineMs)
    const weights = deps.weights()
    const left = leftOut(weights, isExact)
    const isRace = combine === 'first' && isScored && !isExact
    const waiting = isRace ? untilAnswered(caller) : { caller, answered: () => {} }
    const calls = available()
      ? members.map(async (member) => left?.get(member) ?? ask(member, inputs, until, waiting.caller, lane))
      : members.map(async () => undefined)
    const replies = await (combine === 'first'
      ? untilFirst<Reply>(calls, isAnswer, 'outrun')
      : Promise.all(calls))
    waiting.answered()
    const shares = renormalise(weights, replies)
    const answered = members.flatMap(({ name: model }, i) => {
      const outputs = replies[i]
      return isAnswer(outputs) ? { model, weight: shares[i]!, outputs } : []
    })
    const enough = isExact ? members.length - (left?.size ?? 0) : quorum
    if (answered.length < enough) throw belowQuorum(answered.length, replies, enough)
    const combined =
      stack === undefined
        ? settled(combineOutputs(answered, { medians: combine === 'medians' }))
        : await stackUp(stack, answered, until, caller)
    const later = isRace ? outrunOf(calls, replies) : undefined
    return { outputs: combined, members: report(replies, shares), said: answered, later }
  }

  /** What those say that the first has outrun. */
  async function outrunOf(
    calls: readonly Promise<Reply>[],
    replies: readonly Reply[],
  ): Promise<readonly MemberOutputs[]> {
    const ended = await Promise.allSettled(calls)
    return ended.flatMap((call, i) => {
      const reply = replies[i] === 'outrun' && call.status === 'fulfilled' ? call.value : undefined
      return isAnswer(reply) ? [{ model: members[i]!.name, outputs: reply }] : []
    })
  }

  /** Within the deadline of the members. */
  async function stackUp(
    { upstream, over }: Stack,
    answered: readonly MemberOutputs[],
    until: number,
    caller?: Caller,
  ): Promise<readonly Tensor[]> {
    const specs = upstream.metadata()?.inputs ?? []
    const stacked = stackOutputs(answered, over, { model: upstream.name, specs })
    return upstream.infer([stacked], until, caller, lane)
  }

  /** Those that are not even asked. */
  function leftOut(
    weights: readonly number[],
    isExact: boolean,
  ): ReadonlyMap<Member, 'spared' | 'outrun'> | undefined {
    if (isExact) return combine === 'first' ? mapAll(members.slice(1), 'outrun') : undefined
    return isFrugal?.() === true ? mapAll(luxuries(weights), 'spared') : undefined
  }

  /** Those that can be asked beyond the quorum. */
  function luxuries(weights: readonly number[]): readonly Member[] {
    const byWeight = members
      .map((member, i) => ({ member, weight: weights[i]! }))
      .filter(({ member }) => member.available())
      .sort((a, b) => b.weight - a.weight)
    return byWeight.slice(quorum).map(({ member }) => member)
  }

  const available = (): boolean =>
    members.filter((member) => member.available()).length >= quorum && stack?.upstream.available() !== false

  function settled(combined: readonly Tensor[]): readonly Tensor[] {
    const outputs = argmax === undefined ? combined : setArgmax(combined, argmax)
    if (typeof outputs === 'string') throw fault('bad_output', outputs)
    // Members without NaN have one together where their infinities cancel.
    const broken = outputWithNaN(outputs)
    if (broken === undefined) return outputs
    throw fault('bad_output', `the mean of its members' "${broken}" is NaN`, { isOfValues: true })
  }

  const report = (replies: readonly Reply[], shares: readonly number[]): MemberReport[] =>
    members.map(({ name: model }, i) => ({ model, status: statusOf(replies[i]), weight: shares[i]! }))

  function belowQuorum(answered: number, replies: readonly Reply[], enough: number): UpstreamError {
    const words = members.map(({ name: model }, i) => `${model} ${statusOf(replies[i])}`)
    const errors = replies.filter((reply) => reply instanceof UpstreamError)
    return fault(
      codeOf(answered, errors),
      `${answered} of its members answered where ${enough} must: ${words.join(', ')}`,
      { cause: errors[0], isOfValues: errors.length > 0 && errors.every((error) => error.isOfValues) },
    )
  }

  const fault = (code: UpstreamFault, words: string, facts?: UpstreamErrorOptions): UpstreamError =>
    new UpstreamError(code, name, `${name}: ${words}`, facts)

  function wake(): boolean {
    for (const member of members) if (!member.available()) member.wake()
    if (stack?.upstream.available() === false) stack.upstream.wake()
    return available()
  }

  return { name, available, wake, infer }
}

async function ask(
  member: Member,
  inputs: readonly Tensor[],
  until: number,
  caller?: Caller,
  lane?: Lane,
): Promise<Reply> {
  if (!member.available()) return undefined
  try {
    return await member.infer(inputs, until, caller, lane)
  } catch (error) {
    if (error instanceof UpstreamError) return error
    throw error
  }
}

const mapAll = <T>(all: readonly Member[], reason: T): ReadonlyMap<Member, T> =>
  new Map(all.map((member) => [member, reason]))

const isAnswer = (reply: Reply): reply is readonly Tensor[] => Array.isArray(reply)

/** Each member's share in the answer: 0 without a reply, 1 in all. */
function renormalise(weights: readonly number[], replies: readonly Reply[]): number[] {
  const heard = weights.map((weight, i) => (isAnswer(replies[i]) ? weight : 0))
  const total = heard.reduce((sum, weight) => sum + weight, 0)
  return heard.map((weight) => (weight === 0 ? 0 : weight / total))
}

function statusOf(reply: Reply): MemberReport['status'] {
  if (reply === undefined) return 'unavailable'
  if (reply === 'spared' || reply === 'outrun') return reply
  if (!(reply instanceof UpstreamError)) return 'answered'
  return reply.code === 'timeout' ? 'late' : 'failed'
}

/**
 * What all that failed agree on, else lateness before all other. Inputs that one member took and another refused
 * are not the caller's fault.
 */
function codeOf(answered: number, errors: readonly UpstreamError[]): UpstreamFault {
  const codes = new Set(errors.map(({ code }) => code))
  const [only] = codes
  if (codes.size === 1 && only !== undefined && !(only === 'rejected' && answered > 0)) return only
  return codes.has('timeout') ? 'timeout' : 'unreachable'
}
