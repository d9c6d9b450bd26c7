import { mergeHeaders } from '@openfeature/ofrep-core'
import { OFREPProvider, type OFREPProviderOptions } from '@openfeature/ofrep-provider'
import type { EvaluationContext, Hook, Provider, TrackingEventDetails } from '@openfeature/server-sdk'

export interface BanditProviderOptions extends OFREPProviderOptions {
  /** Targeting keys whose newest predictions are remembered. */
  readonly remember?: number
  /** Told of feedback that could not be delivered. */
  readonly onLost?: (error: Error) => void
}

const tries = 5

/**
 * OpenFeature's remote evaluation provider, with `track` as feedback: what is tracked for a targeting key is the reward
 * of every flag that was last evaluated for it here. `value` is the reward, 1 when absent; `flag` names one flag alone.
 * The event's name is the feedback's `event_id`, so that the same event counts once for a prediction.
 */
export class BanditProvider extends OFREPProvider implements Provider {
  readonly hooks: Hook[]
  readonly #options: BanditProviderOptions
  /** Targeting key → flag → prediction id, the key seen last at the end. */
  readonly #seen = new Map<string, Map<string, string>>()
  readonly #underWay = new Set<Promise<void>>()

  constructor(options: BanditProviderOptions) {
    super(options)
    this.#options = options
    this.hooks = [
      {
        after: ({ context, flagKey }, { flagMetadata }) => {
          const id = flagMetadata['predictionId']
          if (context.targetingKey !== undefined && typeof id === 'string')
            this.#remember(context.targetingKey, flagKey, id)
        },
      },
    ]
  }

  track(name: string, { targetingKey }: EvaluationContext, details: TrackingEventDetails = {}): void {
    const flags = targetingKey === undefined ? undefined : this.#seen.get(targetingKey)
    const { value: reward = 1, flag } = details
    const lines = [...(flags ?? [])]
      .filter(([each]) => flag === undefined || each === flag)
      .map(([, predictionId]) => ({ prediction_id: predictionId, reward, event_id: name }))
    if (lines.length === 0) return
    const sending = this.#send(lines)
      .catch((error: Error) => this.#options.onLost?.(error))
      .finally(() => this.#underWay.delete(sending))
    this.#underWay.add(sending)
  }

  /** What was tracked is delivered before the provider closes. */
  async onClose(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  #remember(key: string, flag: string, id: string): void {
    const flags = this.#seen.get(key) ?? new Map<string, string>()
    this.#seen.delete(key)
    this.#seen.set(key, flags.set(flag, id))
    const { remember = 10_000 } = this.#options
    if (this.#seen.size > remember) this.#seen.delete(this.#seen.keys().next().value!)
  }

  /** Feedback may be sent again without counting twice. */
  async #send(lines: readonly object[]): Promise<void> {
    const { baseUrl, headers, headersFactory, fetchImplementation: call = fetch } = this.#options
    for (let left = tries - 1; ; left--) {
      const own = new Headers(mergeHeaders(headers, await headersFactory?.()))
      own.set('content-type', 'application/json')
      const answer = await call(new URL('/feedback', baseUrl), {
        method: 'POST',
        headers: own,
        body: JSON.stringify(lines),
      })
      const text = await answer.text()
      if (answer.ok) return
      if (left === 0 || answer.status < 500) throw new Error(`feedback was refused: ${text}`)
      await new Promise((resolve) =>
        setTimeout(resolve, 1000 * Number(answer.headers.get('retry-after') ?? 1)),
      )
    }
  }
}
