/** Requests that are decided on before the policy is asked. The first rule that fits counts. */
export interface RuleConfig {
  /** Tells it in answers, metrics and the decision log. */
  readonly name: string
  /** All of them have to hold. */
  readonly when: {
    /** Names in small letters. */
    readonly header: Readonly<Record<string, ValueTest>>
    readonly context: Readonly<Record<string, ValueTest>>
    readonly key: ValueTest | undefined
  }
  readonly action:
    | { readonly kind: 'arms'; readonly arms: readonly string[] }
    | { readonly kind: 'endpoint'; readonly endpoint: string }
}

/** What is asked of one value; all that is there has to hold, and at least one thing is. */
export interface ValueTest {
  /** It is one of these. */
  readonly is?: readonly (string | number | boolean)[] | undefined
  /** It is text that begins with one of these. */
  readonly prefix?: readonly string[] | undefined
  /** It is a number from `low` on and below `high`; a header's text is read as one. */
  readonly range?: { readonly low: number; readonly high: number } | undefined
  /** Its hash falls into this share of all, above 0 and up to 1. */
  readonly share?: number | undefined
}
