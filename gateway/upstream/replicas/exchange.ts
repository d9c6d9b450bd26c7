import type { Dispatcher } from 'undici'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/**
 * One request and its whole reply. Takes undici's dispatch rather than its request: a body that is wanted whole
 * needs no stream. Rejects with undici's own errors, or with the signal's reason once that is aborted.
 */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    dispatcher.dispatch(options, new Exchange(signal, resolve, reject))
  })
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal
  readonly #resolve: (reply: Reply) => void
  readonly #reject: (error: Error) => void
  readonly #onAbort = () => this.#abort()
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #headers: Reply['headers'] = {}

  constructor(signal: AbortSignal, resolve: (reply: Reply) => void, reject: (error: Error) => void) {
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
    signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#signal.aborted) this.#abort()
  }

  onResponseStart(_controller: unknown, status: number, headers: Reply['headers']): void {
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#leave()
    const [first] = this.#chunks
    const body = this.#chunks.length === 1 ? first! : Buffer.concat(this.#chunks)
    this.#resolve({ status: this.#status, headers: this.#headers, body })
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#leave()
    this.#reject(error)
  }

  /** Without a controller the request still waits for a connection; it is then dropped as soon as it has one. */
  #abort(): void {
    const reason = this.#signal.reason as Error
    this.#reject(reason)
    this.#controller?.abort(reason)
  }

  #leave(): void {
    this.#signal.removeEventListener('abort', this.#onAbort)
  }
}
