import { once } from 'node:events'
import { serve } from '../../gateway/serve.ts'

interface Where {
  readonly gateway?: string
  readonly config?: string
  readonly out: string
}

/** A gateway that can be asked; whoever asked for it lets it go. */
export interface Reached extends AsyncDisposable {
  readonly origin: string
}

/** One that runs, or one of one's own on a free port of the loopback interface. */
export async function reachGateway({ gateway, config, out }: Where, signal: AbortSignal): Promise<Reached> {
  if ((gateway === undefined) === (config === undefined))
    throw new Error('give either --gateway, of one that runs, or --config, to run one')
  if (gateway !== undefined) return { origin: new URL(gateway).origin, [Symbol.asyncDispose]: async () => {} }
  const stop = new AbortController()
  const ready = Promise.withResolvers<string>()
  const serving = serve({
    configPath: config!,
    // Standard output may be where the answers go.
    overrides: { listen: '127.0.0.1:0', logLevel: out === '-' ? 'silent' : 'error' },
    signal: stop.signal,
    onReady: (origin) => ready.resolve(origin),
  })
  serving.then(() => ready.reject(new Error('the gateway ended')), ready.reject)
  const end = async () => {
    stop.abort()
    await serving
  }
  const aborted = new AbortController()
  const gone = once(signal, 'abort', { signal: aborted.signal }).then(end, () => {})
  void gone
  try {
    const origin = await ready.promise
    return { origin, [Symbol.asyncDispose]: end }
  } finally {
    aborted.abort()
  }
}
