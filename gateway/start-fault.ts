/** Why the gateway cannot start, in one line that says how to mend it. */
export class StartFault extends Error {
  readonly code = 'cannot_start'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartFault'
  }
}
