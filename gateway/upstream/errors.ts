/**
 * unreachable: the replica could not be asked or its connection broke; another may be tried.
 * timeout: no answer before the deadline.
 * overloaded: every queue that could take the request is full.
 * rejected: the model refuses the inputs (the caller's fault, never a fault of the arm).
 * bad_output: the model answered something that is not a valid answer.
 * abandoned: nobody waits for the answer any more (never a fault of the arm).
 */
export type UpstreamFault = 'unreachable' | 'timeout' | 'overloaded' | 'rejected' | 'bad_output' | 'abandoned'

export interface UpstreamErrorOptions extends ErrorOptions {
  readonly wasAsked?: boolean
  readonly isOfValues?: boolean
}

export class UpstreamError extends Error {
  readonly code: UpstreamFault
  readonly model: string
  /** False where no replica was asked: it cost nobody anything. */
  readonly wasAsked: boolean
  /**
   * The answer came whole, and what it says cannot be used: NaN, or nothing that a step could do with. The same inputs would
   * meet it again, so they may be to blame as well as the model.
   */
  readonly isOfValues: boolean
  constructor(code: UpstreamFault, model: string, message: string, options: UpstreamErrorOptions = {}) {
    super(message, options)
    this.name = 'UpstreamError'
    this.code = code
    this.model = model
    this.wasAsked = options.wasAsked ?? true
    this.isOfValues = options.isOfValues ?? false
  }
}
