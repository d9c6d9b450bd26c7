import {
  createKey,
  keyFromCallerId,
  keyOfTenant,
  type Context,
  type Decision,
  type DecisionRecord,
} from '../../bandit/index.ts'
import type { Json } from '../config/endpoint-config.ts'
import type { DecisionLog } from '../decision-log/decision-log.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import { GatewayError, isStoreUnavailable } from '../errors.ts'
import { retryAfter } from '../http/retry-after.ts'
import { penalised } from '../predict/penalised.ts'
import { readEarlier } from '../predict/predict.ts'
import type { Ruling } from '../rules/compile-rules.ts'
import type { DecisionMetrics } from '../telemetry/metrics/metrics.ts'

export interface DecideCommand {
  readonly endpoint: EndpointRuntime
  /** The caller's own id of this decision. */
  readonly id: string | undefined
  /** Whose caller it is; undefined where they are all one. */
  readonly tenant?: string | undefined
  readonly context: Context | undefined
  /** The same, encoded; where the endpoint declares any. */
  readonly features: Float64Array | undefined
  /** Whom the decision is for, in the caller's words. */
  readonly unit: string | undefined
  /** What a rule made of the request, if one fits. */
  readonly ruling: Ruling | undefined
}

export interface Decided {
  readonly predictionId: string
  readonly decision: Decision
  /** What the arm stands for; undefined where it is a model. */
  readonly value: Json | undefined
  /** The decision that was made under the same id before. */
  readonly repeated: boolean
  /** False when the store should remember this decision and could not be reached. */
  readonly recorded: boolean
}

export interface DecideDeps {
  /** Absent where decisions are not logged. */
  readonly decisionLog?: Pick<DecisionLog, 'decided'> | undefined
  readonly metrics: DecisionMetrics
  readonly randomBytes: (count: number) => Uint8Array
  /** Uniform in [0, 1). */
  readonly random: () => number
}

export type Decide = (command: DecideCommand) => Promise<Decided>

/**
 * Chooses an arm for a caller that acts on it itself. Whether the gateway's own models are up is no matter then; arms
 * that are paused, quarantined or left out by a rule are never chosen.
 *
 * @throws GatewayError outputs_needed, no_arm_available
 */
export function createDecide(deps: DecideDeps): Decide {
  return async function decide({ endpoint, id, tenant, context, features, unit, ruling }) {
    if (endpoint.settings.reward.from === 'label') throw outputsNeeded(endpoint.name)
    const named = id === undefined ? createKey(deps.randomBytes) : keyFromCallerId(endpoint.name, id)
    const key = keyOfTenant(named, tenant)
    const earlier = id === undefined ? undefined : await readEarlier(endpoint, key)
    if (earlier !== undefined) return repeat(endpoint, earlier)

    const masked = ruling?.kind === 'arms' ? ruling.masked : undefined
    const drawn = endpoint.agent.decide(key, masked, features, unit)
    if (drawn === undefined) throw noArmLeft(endpoint.name, deps.random)
    const ruled = ruling === undefined ? drawn : { ...drawn, rule: ruling.rule }
    const decision = penalised(endpoint, ruled, 0)
    const result = await record(endpoint, decision, id !== undefined)
    if (result.status === 'exists') {
      endpoint.agent.abandoned(decision)
      return repeat(endpoint, result)
    }
    endpoint.agent.answered(decision)
    if (decision.penalty !== undefined) deps.metrics.penalised(endpoint.name, decision.arm, decision.penalty)
    deps.decisionLog?.decided(decision, { failedOver: false, context, unit })
    endpoint.monitor?.sampleRatio.answered(decision)
    count(decision, reasonOf(decision))
    return {
      predictionId: endpoint.ledger.sign(decision),
      decision,
      value: valueOf(endpoint, decision.arm),
      repeated: false,
      recorded: result.status !== 'unavailable',
    }
  }

  function repeat(endpoint: EndpointRuntime, { predictionId, decision }: DecisionRecord): Decided {
    count(decision, 'repeated')
    const value = valueOf(endpoint, decision.arm)
    return { predictionId, decision, value, repeated: true, recorded: true }
  }

  function count(
    { endpoint, arm, policy }: Decision,
    reason: 'policy' | 'rule' | 'sticky' | 'repeated',
  ): void {
    deps.metrics.decided({ endpoint, arm, policy, reason })
  }
}

type Recording =
  | Awaited<ReturnType<EndpointRuntime['ledger']['record']>>
  | { readonly status: 'unneeded' | 'unavailable' }

/** Before the answer leaves, so that no feedback can overtake it. */
async function record(
  { agent, ledger, settings }: EndpointRuntime,
  decision: Decision,
  repeatable: boolean,
): Promise<Recording> {
  if (settings.ledger === 'signed' && !repeatable) return { status: 'unneeded' }
  return ledger.record(decision, {}, repeatable).catch((error: unknown) => {
    if (isStoreUnavailable(error)) return { status: 'unavailable' }
    agent.abandoned(decision)
    throw error
  })
}

function valueOf({ settings }: EndpointRuntime, name: string): Json | undefined {
  const arm = settings.arms.find((each) => each.name === name)
  return arm?.kind === 'value' ? arm.value : undefined
}

function reasonOf({ rule, sticky }: Decision): 'policy' | 'rule' | 'sticky' {
  if (rule !== undefined) return 'rule'
  return sticky === undefined ? 'policy' : 'sticky'
}

function outputsNeeded(name: string): GatewayError {
  const detail = `${name} compares true labels with outputs, which it has only where it infers: use POST /predict/${name}, or reward: { from: reward } in the configuration`
  return new GatewayError('outputs_needed', detail)
}

function noArmLeft(name: string, random: () => number): GatewayError {
  const detail = `every arm of ${name} that may be chosen is paused or left out: resume one with PUT /endpoints/${name}/arms/{arm}`
  return new GatewayError('no_arm_available', detail, { headers: retryAfter(random) })
}
