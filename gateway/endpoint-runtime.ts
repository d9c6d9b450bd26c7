import type { Agent, Encoding, Ledger } from '../bandit/index.ts'
import type { Tensor, TensorSpec } from '../model-workers/protocol/types.ts'
import type { EndpointConfig } from './config/endpoint-config.ts'
import type { ArmControls } from './controls/arm-controls.ts'
import type { Enrich } from './features/enrich.ts'
import type { Monitor } from './monitoring/monitor.ts'
import type { ArmHealth } from './guardrails/arm-health.ts'
import type { Guard } from './guardrails/guard.ts'
import type { FailoverBudget } from './predict/failover-budget.ts'
import type { Pipeline } from './pipeline/pipeline.ts'
import type { RuleFacts, Ruling } from './rules/compile-rules.ts'
import type { Shadows } from './shadows/shadows.ts'
import type { Arm, Caller } from './upstream/arm.ts'
import type { ArmTally } from './upstream/arm-tally.ts'

/** One endpoint as it runs: what decides, what answers and what remembers. */
export interface EndpointRuntime {
  readonly name: string
  readonly settings: EndpointConfig
  readonly agent: Agent
  readonly ledger: Ledger
  readonly controls: ArmControls
  /** Absent where there are no rules. */
  readonly rule?: ((facts: RuleFacts) => Ruling | undefined) | undefined
  /** Of the arms that have guardrails. */
  readonly health?: ReadonlyMap<string, ArmHealth> | undefined
  /** Absent where no arm has guardrails. */
  readonly guard?: Guard | undefined
  /** Of the context that the endpoint declares, if any. */
  readonly encoding?: Encoding | undefined
  /** What an answer cost that took an arm so long, in millionths of the most; absent where nothing is taken off rewards. */
  readonly penaltyOf?: ((arm: string, latencyMs: number) => number) | undefined
  /** What stands between the request and the arms; absent where requests send tensors. */
  readonly pipeline?: Pipeline | undefined
  /** Models that are asked before an arm is; absent where there are none. */
  readonly steps?: EndpointSteps | undefined
  /** Absent where nothing is fetched for requests. */
  readonly enrich?: Enrich | undefined
  readonly arms: ReadonlyMap<string, Arm>
  /** Of tries by other arms than the first. */
  readonly failover: FailoverBudget
  /** What became of their calls. */
  readonly tally: ArmTally
  /** What requests bring, as tensors: what every arm takes, or the models before them. Undefined until they have said so. */
  readonly inputs: () => readonly TensorSpec[] | undefined
  /** What an arm answers, or what all of them do; undefined until that is known. */
  readonly outputs: (arm?: string) => readonly TensorSpec[] | undefined
  /** Absent where there are none. */
  readonly shadows?: Shadows | undefined
  /** What watches the predictions, beside the learning. */
  readonly monitor?: Monitor | undefined
}

export interface EndpointSteps {
  available(this: void): boolean
  /**
   * From what requests bring, see `inputs`, to what the arms take.
   *
   * @throws UpstreamError of the model that has no answer
   */
  run(this: void, tensors: readonly Tensor[], deadlineAt: number, caller: Caller): Promise<readonly Tensor[]>
}

export type Endpoints = ReadonlyMap<string, EndpointRuntime>

/** One worker process as its supervisor sees it. */
export interface WorkerView {
  readonly model: string
  readonly replica: number
  readonly state: 'starting' | 'up' | 'draining' | 'down' | 'quarantined'
  readonly restarts: number
  /** Of the model: the number of its folder, or 12 hex digits of its file's SHA-256. */
  readonly version?: string | undefined
}
