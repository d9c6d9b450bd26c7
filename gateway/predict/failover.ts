import type { Decision, Outputs } from '../../bandit/index.ts'
import { TensorFault } from '../../model-workers/protocol/faults.ts'
import { tensorToJson } from '../../model-workers/protocol/json.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import { GatewayError } from '../errors.ts'
import { retryAfter } from '../http/retry-after.ts'
import type { DecisionMetrics } from '../telemetry/metrics/metrics.ts'
import type { After } from '../pipeline/pipeline.ts'
import { OutputFault } from '../pipeline/post/outputs.ts'
import type { Table } from '../pipeline/table.ts'
import type { Pin, Ruling } from '../rules/compile-rules.ts'
import { penalised } from './penalised.ts'
import type { ArmAnswer, MemberOutputs, MemberReport } from '../upstream/arm.ts'
import { UpstreamError, type UpstreamFault } from '../upstream/errors.ts'
import { away, callerOf, isTheRowsOwn, noOtherArm, type Patience } from './exact.ts'
import { noUse } from './unusable.ts'

export interface Question extends Patience {
  readonly key: string
  readonly inputs: readonly Tensor[]
  /** The fields that the inputs were made of, if they were. */
  readonly table?: Table | undefined
  /** The context, where the endpoint declares any. */
  readonly features?: Float64Array | undefined
  /** Whom the prediction is for, in the caller's words. */
  readonly unit?: string | undefined
  /** What a rule made of the request, if one fits, or the arm that the caller named. */
  readonly ruling?: Ruling | Pin | undefined
  /** Whether an output is needed as JSON too; all are when absent. */
  readonly inJson?: ((output: string) => boolean) | undefined
}

/** What one arm answered. The decision is still in flight: whoever gets this says what becomes of it. */
export interface Answer {
  readonly decision: Decision
  /** Those that are needed so. */
  readonly outputs: Outputs
  /** All of them, as they came. */
  readonly tensors: readonly Tensor[]
  readonly members: readonly MemberReport[] | undefined
  /** Ensembles only. */
  readonly said: readonly MemberOutputs[] | undefined
  /** Ensembles only: what members say that were not waited for. */
  readonly later?: ArmAnswer['later']
  readonly failedOver: boolean
}

/** An arm, and what it did in place of an answer. */
interface Doubt {
  readonly arm: string
  readonly fault: UpstreamError
}

export interface FailoverDeps {
  readonly monotonic: () => number
  readonly metrics: DecisionMetrics
  /** Uniform in [0, 1). */
  readonly random: () => number
}

/**
 * Lets the policy choose until an arm answers. An arm that fails is masked and the choice made anew among the rest,
 * so that the answer is credited to the arm that gave it, with the propensity it had.
 *
 * @throws GatewayError no_arm_available, unusable_answer, broken_answer, overloaded, deadline_exceeded, model_rejected_inputs,
 *   client_closed_request
 */
export async function answerFromArms(
  endpoint: EndpointRuntime,
  question: Question,
  { monotonic, metrics, random }: FailoverDeps,
): Promise<Answer> {
  const { ruling, exact } = question
  const masked = exact ? new Set<string>() : unavailableArms(endpoint)
  if (ruling !== undefined && ruling.kind !== 'endpoint') for (const arm of ruling.masked) masked.add(arm)
  const faults: UpstreamError[] = []
  /** What they said cannot be used: their fault where another arm, or anything but their words, says that it is not the inputs'. */
  const doubted: Doubt[] = []
  endpoint.failover.called()
  for (;;) {
    const drawn = endpoint.agent.decide(question.key, masked, question.features, question.unit)
    if (drawn === undefined) {
      if (doubted.length > 0 && doubted.length === faults.length) throw noUse(question.inputs, faults, random)
      blame(endpoint, doubted, question, metrics)
      throw noArmLeft(endpoint, faults, random, ruling)
    }
    const isRuled = ruling !== undefined && ruling.kind !== 'pinned'
    const decision = isRuled ? { ...drawn, rule: ruling.rule } : drawn
    const answer = await ask(endpoint, decision, question, monotonic)
    if (!(answer instanceof UpstreamError)) {
      const failedOver = faults.length > 0
      blame(endpoint, doubted, question, metrics)
      const answered = answeredBy(endpoint, decision, answer.version)
      const whole = failedOver ? { ...answered, degraded: true } : answered
      return { ...answer, decision: penalised(endpoint, whole, answer.tookMs), failedOver }
    }
    if (answer.code === 'rejected') throw rejected(answer)
    if (answer.code === 'abandoned') throw clientGone()
    metrics.failed(endpoint.name, decision.arm, answer.code)
    if (faults.length === 0) endpoint.monitor?.failed(decision)
    if (monotonic() >= question.deadlineAt) throw tooLate(answer)
    if (exact && !isTheRowsOwn(answer)) throw noOtherArm(decision.arm, answer, random)
    if (question.departure.isGone()) throw clientGone()
    if (answer.code === 'bad_output') doubted.push({ arm: decision.arm, fault: answer })
    else if (answer.wasAsked) owe(endpoint, { arm: decision.arm, fault: answer }, metrics)
    faults.push(answer)
    masked.add(decision.arm)
  }
}

/** Their answers could not be used, and it was not for the inputs. */
function blame(
  endpoint: EndpointRuntime,
  doubts: readonly Doubt[],
  { exact }: Question,
  metrics: DecisionMetrics,
): void {
  for (const doubt of doubts) {
    if (!exact) endpoint.health?.get(doubt.arm)?.failed()
    owe(endpoint, doubt, metrics)
  }
}

function owe({ failover, name }: EndpointRuntime, { arm, fault }: Doubt, metrics: DecisionMetrics): void {
  if (failover.failed(arm, fault)) metrics.rested(name, arm)
}

/** The version may have changed since the arm was chosen. */
function answeredBy({ agent }: EndpointRuntime, decision: Decision, version: string | undefined): Decision {
  if (version === undefined || version === decision.version) return decision
  return agent.answeredIn(decision, version)
}

export function clientGone(): GatewayError {
  return new GatewayError('client_closed_request', 'nobody waited for the answer: nothing was counted')
}

/** What was asked of an arm, how much, and whether anybody waited for it. */
const faultsOfOthers: ReadonlySet<UpstreamFault> = new Set(['rejected', 'overloaded', 'abandoned'])

interface ArmReply extends Pick<Answer, 'outputs' | 'tensors' | 'members' | 'said' | 'later'> {
  readonly version: string | undefined
  readonly tookMs: number
}

/** The decision is abandoned here unless its arm answered. */
async function ask(
  { agent, arms, health, pipeline, tally }: EndpointRuntime,
  decision: Decision,
  { inputs, table, deadlineAt, departure, inJson, exact }: Question,
  monotonic: () => number,
): Promise<ArmReply | UpstreamError> {
  // How long a call waits that may wait for long says nothing of the arm.
  const own = exact ? undefined : health?.get(decision.arm)
  const askedAt = monotonic()
  try {
    const arm = arms.get(decision.arm)!
    if (exact && !arm.available()) throw away(decision.arm)
    const isLast = decision.basis?.arms.length === 1
    const answer = await arm.infer(inputs, deadlineAt, callerOf({ departure, exact }), isLast)
    const tookMs = monotonic() - askedAt
    const after = pipeline?.after
    const given = toOutputs(answer, decision.arm, after === undefined ? inJson : undefined)
    const outputs = after === undefined ? given : finish(after, given, table, decision.arm)
    own?.answered(tookMs)
    tally.answered(decision.arm, inputs[0]?.shape[0] ?? 1, tookMs)
    const { outputs: tensors, members, said, later, version } = answer
    return { outputs, tensors, members, said, later, version, tookMs }
  } catch (error) {
    agent.abandoned(decision)
    if (!(error instanceof UpstreamError)) throw error
    if (!faultsOfOthers.has(error.code) && error.code !== 'bad_output') own?.failed()
    tally.failed(decision.arm, monotonic() - askedAt)
    return error
  }
}

/** What JSON has no words for, such as NaN, is the arm's fault, not the client's. */
function toOutputs({ outputs }: ArmAnswer, arm: string, inJson: Question['inJson']): Outputs {
  try {
    const wanted = inJson === undefined ? outputs : outputs.filter(({ name }) => inJson(name))
    return Object.fromEntries(wanted.map((tensor) => [tensor.name, tensorToJson(tensor)]))
  } catch (error) {
    if (!(error instanceof TensorFault)) throw error
    throw new UpstreamError('bad_output', arm, error.message, { cause: error, isOfValues: true })
  }
}

/** Outputs that a step cannot do with are no answer, and the next arm is asked. */
function finish(after: After, outputs: Outputs, table: Table | undefined, arm: string): Outputs {
  try {
    return after.run(outputs, table)
  } catch (error) {
    if (!(error instanceof OutputFault)) throw error
    throw new UpstreamError('bad_output', arm, `postprocess: ${error.message}`, {
      cause: error,
      isOfValues: true,
    })
  }
}

function unavailableArms({ arms, failover }: EndpointRuntime): Set<string> {
  const names = new Set(failover.resting())
  for (const arm of arms.values()) if (!arm.available()) names.add(arm.name)
  if (2 * names.size > arms.size) wakeArms(arms, names)
  return names
}

/**
 * Where most arms are out, those whose processes live are asked again however they failed before: a breaker protects
 * a model at the cost of the others, and there are hardly any others.
 */
function wakeArms(arms: EndpointRuntime['arms'], out: Set<string>): void {
  for (const name of out) if (arms.get(name)!.wake()) out.delete(name)
}

function noArmLeft(
  { name, controls }: EndpointRuntime,
  faults: readonly UpstreamError[],
  random: () => number,
  ruling: Question['ruling'],
): GatewayError {
  const facts = { headers: retryAfter(random), cause: faults.at(-1) }
  if (faults.length > 0 && faults.every((fault) => fault.code === 'overloaded')) {
    return new GatewayError(
      'overloaded',
      'every queue is full: send it again after Retry-After seconds',
      facts,
    )
  }
  if (ruling?.kind === 'pinned') {
    const detail = `${ruling.arm} cannot answer now: name no version, or send it again after Retry-After seconds`
    return new GatewayError('no_arm_available', detail, facts)
  }
  if (ruling?.kind === 'arms') {
    const detail = `no arm can answer that rule ${ruling.rule} leaves: send it again after Retry-After seconds`
    return new GatewayError('no_arm_available', detail, facts)
  }
  if (controls.limits().every(({ excluded }) => excluded)) {
    const detail = `every arm is paused: resume one with PUT /endpoints/${name}/arms/{arm} {"state": "active"}`
    return new GatewayError('no_arm_available', detail, facts)
  }
  return new GatewayError(
    'no_arm_available',
    'no model is up: send it again after Retry-After seconds',
    facts,
  )
}

export function tooLate(cause: UpstreamError, who = 'no arm'): GatewayError {
  const detail = `${who} answered in time: send it again, or send fewer rows`
  return new GatewayError('deadline_exceeded', detail, { cause })
}

export function rejected(cause: UpstreamError): GatewayError {
  return new GatewayError('model_rejected_inputs', 'the model cannot take these values: check the inputs', {
    pointer: '/inputs',
    cause,
  })
}
