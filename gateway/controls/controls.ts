/** What operators have said of one arm; what is absent is as configured. */
export interface ArmControl {
  readonly paused?: true | undefined
  readonly minShare?: number | undefined
  readonly maxShare?: number | undefined
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
