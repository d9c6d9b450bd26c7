/** An arm that gets copies of requests and never answers them. */
export interface ShadowConfig {
  /** Of an arm of the endpoint, or of a model. */
  readonly name: string
  /** The model that it is; undefined where it is an arm of the endpoint. */
  readonly model: string | undefined
  /** Of the predictions, from 0 to 1. */
  readonly share: number
  /** Copies that may be under way. */
  readonly concurrency: number
  readonly deadlineMs: number
  /** Output that is compared with the answer's; undefined = all that both have. */
  readonly compare: string | undefined
  /** Greatest difference of floats that agree; undefined = the greatest of a row is the same. */
  readonly tolerance: number | undefined
}
