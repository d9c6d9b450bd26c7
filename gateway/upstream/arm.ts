import type { Tensor } from '../../model-workers/protocol/types.ts'

/** Something that can answer for an endpoint: one model, or an ensemble of models. */
export interface Arm {
  readonly name: string
  /** Of its model, as it answers now; absent where it is not one model. */
  readonly version?: () => string | undefined
  /** False while nothing behind this arm could answer now. */
  available(): boolean
  /** Why it is kept out of the choice although what is behind it may answer, in words; absent where nobody judges that. */
  readonly misfit?: () => string | undefined
  /** Asks those again that are left alone for their faults, and answers whether the arm is available now. */
  wake(): boolean
  /**
   * Runs the arm on `inputs`. Rejects with an UpstreamError once `deadlineAt` (ms, performance.now() clock) has
   * passed or every replica that may be tried has failed. `isLast` says that there is no other arm to leave time for.
   */
  infer(inputs: readonly Tensor[], deadlineAt: number, caller?: Caller, isLast?: boolean): Promise<ArmAnswer>
}

/** Whoever waits for an answer. One that leaves is rejected as abandoned, and what waits for it waits no longer. */
export interface Caller {
  onGone(callback: () => void): void
  /** Present where the same inputs have to get the same bytes, whatever else goes on. */
  readonly exact?: Exact
}

/**
 * No row shares a batch, whose size shows in the last bits of floats; every member of an ensemble is waited for; and how
 * long a call waits for its turn is up to the deadline alone.
 */
export interface Exact {
  /** A computation that takes longer hangs. */
  readonly runMs: number
}

export interface ArmAnswer {
  readonly outputs: readonly Tensor[]
  /** Of the one model that answered, where its version is known. */
  readonly version?: string | undefined
  /** Ensembles only: every member, with the weight it had in the answer (0 = it did not answer, or was not asked to spare the gateway). */
  readonly members?: readonly MemberReport[]
  /** Ensembles only: what each of those that answered said. */
  readonly said?: readonly MemberOutputs[]
  /** What members say whose answers were not waited for; never rejects. Absent where there are none. */
  readonly later?: Promise<readonly MemberOutputs[]> | undefined
}

export interface MemberOutputs {
  readonly model: string
  readonly outputs: readonly Tensor[]
}

export interface MemberReport {
  readonly model: string
  readonly status: 'answered' | 'late' | 'failed' | 'unavailable' | 'spared' | 'outrun'
  readonly weight: number
}
