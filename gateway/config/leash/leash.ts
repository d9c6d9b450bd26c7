/** What keeps an arm on a leash, as it is configured; what is absent is off. */
export interface LeashConfig {
  readonly guardrails?: Guardrails | undefined
  readonly warmUp?: WarmUp | undefined
  readonly canary?: CanaryConfig | undefined
}

export interface Guardrails {
  /** Errors and slowness are measured over this time. */
  readonly windowMs: number
  /** Fewer requests than these count as so many, so that the first fault of an arm is not a rate of 100 %. */
  readonly minRequests: number
  /** Share of requests that may fail. */
  readonly errorRate?: number | undefined
  /** Time that 99 % of the answers have to keep to. */
  readonly latencyP99Ms?: number | undefined
  /** The arm whose mean reward is not to be undercut. */
  readonly baseline?: string | undefined
  /** That the mean reward is below the baseline's, from which on it is a breach. */
  readonly probability: number
  /** Rewards of the arm and of the baseline before they are compared. */
  readonly minRewards: number
  /** quarantine: no traffic for a time. floor: no more than min_share. */
  readonly action: 'quarantine' | 'floor'
  readonly probation: {
    /** The first quarantine; each one after it is twice as long, up to 64 times. */
    readonly afterMs: number
    readonly forMs: number
    readonly share: number
  }
}

/** Of an arm that is new where others are not. */
export interface WarmUp {
  /** Pulls before which its share is no less than `minShare`. */
  readonly pulls: number
  readonly minShare: number
  /** Rewards before which its share is no more than `maxShare`. */
  readonly rewards: number
  readonly maxShare: number
}

/** The greatest share grows in `steps` equal ratios from `from` to `to`. */
export interface CanaryConfig {
  readonly from: number
  readonly to: number
  readonly overMs: number
  readonly steps: number
}
