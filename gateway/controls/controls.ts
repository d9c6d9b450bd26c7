/** What was said of one arm, by operators and by guardrails; what is absent is as configured. */
export interface ArmControl {
  readonly paused?: true | undefined
  readonly minShare?: number | undefined
  readonly maxShare?: number | undefined
  readonly hold?: Hold | undefined
  readonly canary?: CanaryProgress | undefined
}

/** What guardrails have done to an arm. Times are milliseconds since 1970. */
export interface Hold {
  readonly kind: 'quarantined' | 'probation' | 'released'
  readonly since: number
  readonly until: number
  /** Breaches that were not forgiven yet. */
  readonly strikes: number
  /** The last breach. */
  readonly reason: string
}

export interface CanaryProgress {
  /** Which canary this is the progress of. */
  readonly canary: string
  readonly status: 'advancing' | 'completed' | 'rolled_back'
  /** From 0 on. */
  readonly step: number
  readonly since: number
  /** Why it was rolled back. */
  readonly reason?: string
}

/** By the name of the arm; arms that nobody spoke of are absent. */
export type Controls = Readonly<Record<string, ArmControl>>

/** The store's text of them, which gateways of the next version may have written more into. */
export function parseControls(text: string): Controls {
  return text === '' ? {} : (JSON.parse(text) as Controls)
}

export function toText(controls: Controls): string {
  return JSON.stringify(controls)
}
