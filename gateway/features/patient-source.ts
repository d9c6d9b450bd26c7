import type { FeatureSource, SourceFault } from './source.ts'

/** A source as it is asked on the path of requests: it answers in time or has failed. Never rejects. */
export interface PatientSource {
  read(
    ...question: Parameters<Read>
  ): Promise<Read extends (...args: never) => Promise<infer T> ? T | SourceFault : never>
  close(): Promise<void>
}

type Read = (entities: Parameters<FeatureSource['read']>[0]) => ReturnType<FeatureSource['read']>

export interface PatientSourceDeps {
  readonly source: FeatureSource
  readonly timeoutMs: number
  readonly monotonic: () => number
  /** It stopped answering, for this reason, or answers again. */
  readonly changed: (state: 'away' | 'back', reason: string) => void
}

/** Failures in a row after which it is left alone, and for how long. */
const patience = 5
const restMs = 1000

/** A place that hangs would cost every request its timeout; after a few it is asked once a second. */
export function createPatientSource({
  source,
  timeoutMs,
  monotonic,
  changed,
}: PatientSourceDeps): PatientSource {
  let failures = 0
  let restsUntil = 0

  function failed(error: unknown): SourceFault {
    failures += 1
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    if (failures >= patience) restsUntil = monotonic() + restMs
    if (failures === patience) changed('away', isLate ? `no answer within ${timeoutMs} ms` : String(error))
    return isLate ? 'timeout' : 'unavailable'
  }

  return {
    async read(entities) {
      if (failures >= patience && monotonic() < restsUntil) return 'resting'
      // Whoever comes while one tries finds it resting.
      if (failures >= patience) restsUntil = monotonic() + restMs
      const timeout = new AbortController()
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => {
        const error = new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError')
        timeout.abort(error)
        late.reject(error)
      }, timeoutMs)
      try {
        const rows = await Promise.race([source.read(entities, timeout.signal), late.promise])
        if (failures >= patience) changed('back', '')
        failures = 0
        return rows
      } catch (error) {
        return failed(error)
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => source.close(),
  }
}
