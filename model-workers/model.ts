import type { InferRequest, ModelMetadata, Tensor } from './protocol/types.ts'

/** One loaded model. */
export interface Model {
  readonly metadata: ModelMetadata
  /**
   * Runs the model once; calls run one after the other. Blocks its thread and cannot be broken off.
   *
   * @returns the outputs named in the request, or all
   * @throws TensorFault when the inputs are not what the model takes
   * @throws ModelFault when the model itself fails
   */
  infer(request: InferRequest): Promise<readonly Tensor[]>
  close(): Promise<void>
}

/**
 * missing: there is no such file, or it cannot be read.
 * corrupt: the file is not a model that can be loaded.
 * unsupported: a model, but with inputs or outputs that do not fit the protocol.
 * failed: it broke while it computed. The message names no files; `cause` may.
 */
export type ModelFaultCode = 'missing' | 'corrupt' | 'unsupported' | 'failed'

export class ModelFault extends Error {
  readonly code: ModelFaultCode
  constructor(code: ModelFaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ModelFault'
    this.code = code
  }
}
