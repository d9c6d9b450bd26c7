import {
  createKey,
  keyFromCallerId,
  keyOfTenant,
  modelSubject,
  toLabels,
  type OtherLabels,
  type Context,
  type Decision,
  type DecisionRecord,
  type LedgerResult,
  type Outputs,
} from '../../bandit/index.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import { subjectOf } from '../config/arms/subject-of.ts'
import type { DecisionListener } from '../decision-log/also-told.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import { GatewayError, isStoreUnavailable } from '../errors.ts'
import type { Table } from '../pipeline/table.ts'
import type { Pin, Ruling } from '../rules/compile-rules.ts'
import type { DecisionReason } from '../telemetry/metrics/metrics.ts'
import type { MemberReport } from '../upstream/arm.ts'
import type { Patience } from './exact.ts'
import { labelsOfModels } from './other-labels.ts'
import { runSteps } from './run-steps.ts'
import { answerFromArms, clientGone, type Answer, type FailoverDeps } from './failover.ts'

export interface PredictCommand extends Patience {
  readonly endpoint: EndpointRuntime
  /** What the endpoint takes: for its arms, or for the models before them. */
  readonly inputs: readonly Tensor[]
  /** The fields that the inputs were made of, if they were. */
  readonly table?: Table | undefined
  /** The caller's own id of this prediction. */
  readonly id: string | undefined
  /** Whose caller it is; undefined where they are all one. */
  readonly tenant?: string | undefined
  readonly context: Context | undefined
  /** The same, encoded; where the endpoint declares any. */
  readonly features?: Float64Array | undefined
  /** Whom the prediction is for, in the caller's words. */
  readonly unit?: string | undefined
  /** What a rule made of the request, if one fits, or the arm that the caller named. */
  readonly ruling?: Ruling | Pin | undefined
  /** Whether the caller needs an output as JSON; all are needed so when absent. */
  readonly inJson?: ((output: string) => boolean) | undefined
}

export interface Prediction {
  /** Absent where there is no feedback to give: the caller named the arm, and not to teach it. */
  readonly predictionId: string | undefined
  readonly decision: Decision
  readonly outputs: Outputs
  /** The outputs as the arm gave them; none when repeated. */
  readonly tensors: readonly Tensor[]
  /** Ensembles only. */
  readonly members: readonly MemberReport[] | undefined
  /** The answer that was given under the same id before. */
  readonly repeated: boolean
  /** False when the store should remember this prediction and could not be reached. */
  readonly recorded: boolean
}

export interface PredictDeps extends FailoverDeps {
  /** Absent where decisions are not logged. */
  readonly decisionLog?: DecisionListener | undefined
  readonly randomBytes: (count: number) => Uint8Array
}

export type Predict = (command: PredictCommand) => Promise<Prediction>

/** Decide, ask the arm, remember, answer. The store can only add to this, never stop it. */
export function createPredict(deps: PredictDeps): Predict {
  return async function predict({ endpoint, id, tenant, context, unit, ...asked }) {
    const named = id === undefined ? createKey(deps.randomBytes) : keyFromCallerId(endpoint.name, id)
    const key = keyOfTenant(named, tenant)
    const { exact } = asked
    const earlier = id === undefined ? undefined : await readEarlier(endpoint, key, exact !== undefined)
    if (earlier !== undefined) return repeat(earlier)

    const { steps } = endpoint
    const question =
      steps === undefined ? asked : { ...asked, inputs: await runSteps(steps.run, asked, deps.random) }
    const { ruling } = question
    const isLook = ruling?.kind === 'pinned' && !ruling.isLearned
    const isAhead = id === undefined && !isLook
    const ahead = isAhead ? recordAhead(endpoint, key, question.features) : undefined
    const answer = await answerFromArms(endpoint, { ...question, unit, key }, deps)
    const { decision, failedOver } = answer
    if (question.departure.isGone()) {
      endpoint.agent.abandoned(decision)
      throw clientGone()
    }
    const facts = { decision, outputs: answer.outputs, tensors: answer.tensors, members: answer.members }
    const labels = { ...labelsOf(decision), reason: reasonOf(answer, ruling) }
    if (isLook) {
      endpoint.agent.abandoned(decision)
      deps.metrics.decided(labels)
      return { ...facts, predictionId: undefined, repeated: false, recorded: true }
    }
    const others = othersOf(endpoint, answer, question.table)
    const result = await record(endpoint, answer, { exact, repeatable: id !== undefined, ahead, others })
    if (result.status === 'exists') {
      endpoint.agent.abandoned(decision)
      return repeat(result)
    }
    endpoint.agent.answered(decision)
    if (decision.penalty !== undefined) deps.metrics.penalised(endpoint.name, decision.arm, decision.penalty)
    deps.decisionLog?.decided(decision, { failedOver, context, unit, members: answer.members })
    if (others !== undefined) deps.decisionLog?.labelled?.(decision, withOwn(endpoint, answer, others))
    endpoint.monitor?.answered(answer, question.inputs)
    const told =
      deps.decisionLog?.labelled && ((said: OtherLabels) => deps.decisionLog?.labelled?.(decision, said))
    endpoint.shadows?.offer({ ...answer, ...question, told, ran: ranFor(endpoint, answer) })
    deps.metrics.decided(labels)
    return {
      ...facts,
      predictionId: endpoint.ledger.sign(decision),
      repeated: false,
      recorded: result.status !== 'unavailable',
    }
  }

  function repeat({ predictionId, decision, outputs }: DecisionRecord): Prediction {
    if (Object.keys(outputs).length === 0) throw decidedAlone()
    deps.metrics.decided({ ...labelsOf(decision), reason: 'repeated' })
    const facts = { decision, outputs, tensors: [], members: undefined }
    return { ...facts, predictionId, repeated: true, recorded: true }
  }
}

/** Under the names by which they are observed, that of the arm first. */
function ranFor({ settings }: EndpointRuntime, { decision, said = [] }: Answer): ReadonlySet<string> {
  const arm = settings.arms.find(({ name }) => name === decision.arm)!
  return new Set([subjectOf(arm), ...said.map(({ model }) => modelSubject(model))])
}

/** What the members of an ensemble predicted, where true labels score them. */
function othersOf(
  { settings, pipeline }: EndpointRuntime,
  { said }: Answer,
  table: Table | undefined,
): OtherLabels | undefined {
  const { from, output } = settings.reward
  if (said === undefined || from !== 'label') return undefined
  return labelsOfModels(said, { output, after: pipeline?.after, table })
}

function withOwn(endpoint: EndpointRuntime, answer: Answer, others: OtherLabels): OtherLabels {
  const [subject] = ranFor(endpoint, answer)
  return { [subject!]: toLabels(answer.outputs[endpoint.settings.reward.output]), ...others }
}

/** An id is of one prediction, and what was decided without inference has no outputs to repeat. */
function decidedAlone(): GatewayError {
  return new GatewayError('invalid_field', 'this id is of a decision without inference: send another', {
    pointer: '/id',
  })
}

/** With the store away there is nothing to repeat from: the caller gets a fresh answer, unless it must be the same. */
export async function readEarlier(
  { ledger }: EndpointRuntime,
  key: string,
  isExact = false,
): Promise<DecisionRecord | undefined> {
  return ledger.read(key).catch((error: unknown) => {
    if (isStoreUnavailable(error) && !isExact) return undefined
    throw error
  })
}

interface Recorded extends Pick<PredictCommand, 'exact'> {
  readonly repeatable: boolean
  readonly others: OtherLabels | undefined
  readonly ahead: Promise<LedgerResult> | undefined
}

type Recording = LedgerResult | { readonly status: 'unneeded' | 'unavailable' }

/** Waited for before the answer leaves, so that no feedback can overtake it. */
async function record(
  { agent, ledger, settings }: EndpointRuntime,
  { decision, outputs }: Answer,
  { repeatable, ahead, others, exact }: Recorded,
): Promise<Recording> {
  if (settings.ledger === 'signed' && !repeatable) return { status: 'unneeded' }
  return (ahead ?? ledger.record(decision, outputs, repeatable, others)).catch((error: unknown) => {
    if (isStoreUnavailable(error) && exact === undefined) return { status: 'unavailable' }
    agent.abandoned(decision)
    throw error
  })
}

/**
 * Where only the context has to be kept, it goes to the store while an arm computes; whichever answers, the record
 * is the same. That of a request without an answer ends with its window.
 */
function recordAhead(
  { ledger, settings }: EndpointRuntime,
  key: string,
  features: Float64Array | undefined,
): Promise<LedgerResult> | undefined {
  if (features === undefined || settings.reward.from === 'label') return undefined
  const recording = ledger.recordFeatures(key, features)
  // Its fault is told when it is waited for; without an answer nobody does.
  recording.catch(() => {})
  return recording
}

function reasonOf({ failedOver, decision }: Answer, ruling: PredictCommand['ruling']): DecisionReason {
  if (ruling?.kind === 'pinned') return 'pinned'
  if (failedOver) return 'failover'
  if (decision.rule !== undefined) return 'rule'
  return decision.sticky === undefined ? 'policy' : 'sticky'
}

function labelsOf({ endpoint, arm, policy }: Decision): { endpoint: string; arm: string; policy: string } {
  return { endpoint, arm, policy }
}
