export interface DemoOptions {
  readonly seed: number
  /** Requests a second. */
  readonly rate: number
  readonly seconds: number
  /** Address of the store; absent = an SQLite file that goes with the demo. */
  readonly redis?: string
  /** Name of a policy in place of the configured one. */
  readonly policy?: string
  /** Leave the gateway on after the report, until a signal. */
  readonly keep: boolean
  /** File for the report as JSON. */
  readonly json?: string
}
