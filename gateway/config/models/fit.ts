import type { Datatype } from '../../../model-workers/protocol/types.ts'

/** How the tensors of one model become those of the endpoints that it serves. */
export interface ModelFit {
  readonly inputs: readonly FitInput[]
  readonly outputs: readonly FitOutput[]
}

export interface FitInput {
  /** What requests call it. */
  readonly name: string
  /** What the model calls it. */
  readonly as: string
  /** How requests bring it, −1 for rows; as the model takes it when absent. */
  readonly shape?: readonly number[]
  /** The float that requests bring; the model's own when absent. */
  readonly datatype?: FloatType
}

export const floatTypes = ['FP16', 'FP32', 'FP64'] as const satisfies readonly Datatype[]
export type FloatType = (typeof floatTypes)[number]

/** same: under another name; argmax: the place of the greatest, or the class that stands there; softmax: of logits. */
export type FitOutput =
  | { readonly kind: 'same'; readonly name: string; readonly from: string }
  | { readonly kind: 'softmax'; readonly name: string; readonly from: string }
  | {
      readonly kind: 'argmax'
      readonly name: string
      readonly from: string
      readonly classes?: readonly string[] | readonly number[]
    }
