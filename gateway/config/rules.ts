/** Requests that are decided on before the policy is asked. The first rule that fits counts. */
export interface RuleConfig {
  /** Tells it in answers, metrics and the decision log. */
  readonly name: string
  /** All of them have to hold. */
  readonly when: {
    /** Names in small letters. */
    readonly header: Readonly<Record<string, readonly string[]>>
    readonly context: Readonly<Record<string, readonly (string | number | boolean)[]>>
    /** Any of these keys. */
    readonly key: readonly string[] | undefined
  }
  readonly action:
    | { readonly kind: 'arms'; readonly arms: readonly string[] }
    | { readonly kind: 'endpoint'; readonly endpoint: string }
}
