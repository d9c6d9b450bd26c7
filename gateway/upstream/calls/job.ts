import type { Tensor } from '../../../model-workers/protocol/types.ts'
import type { Exact } from '../arm.ts'
import type { Lane } from './lane.ts'
import type { CallTrace } from '../tracer.ts'

/** One call of a model on its way: waiting, then in a batch, then settled. */
export interface Job {
  readonly inputs: readonly Tensor[]
  /** Rows it brings to a batch; 0 = it cannot share one. */
  readonly rows: number
  /** When it was made and until when it is waited for, both by the upstream's clock. */
  readonly madeAt: number
  readonly deadlineAt: number
  readonly resolve: (outputs: readonly Tensor[]) => void
  readonly reject: (error: unknown) => void
  readonly trace: CallTrace | undefined
  readonly lane: Lane
  readonly exact: Exact | undefined
  settled: boolean
  /** It goes by itself: it is exact, or a batch with it has failed and it may be why. */
  alone: boolean
  /** Its replica broke down under it once; it gets one more try. */
  retried: boolean
}

/** When nobody waits any more for a computation that begins now, or it hangs. */
export function endsAt({ deadlineAt, exact }: Job, now: number): number {
  return exact === undefined ? deadlineAt : Math.min(deadlineAt, now + exact.runMs)
}
