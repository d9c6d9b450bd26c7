import type { OverloadConfig } from '../config/config.ts'
import type { Events } from '../events/events.ts'
import type { OverloadMetrics } from '../telemetry/metrics/overload-metrics.ts'
import { createShedder, type Shedder } from './shedder.ts'
import { defaultResidentBytes, watchLoad } from './watch-load.ts'

/** Whether this process can take more; it is looked at until `stop`. */
export interface Overload extends Pick<Shedder, 'spares' | 'limitOf' | 'leavingPerSecond'> {
  stop(): void
}

export interface OverloadDeps {
  readonly config: OverloadConfig
  readonly metrics: OverloadMetrics
  readonly events: Pick<Events, 'emit'>
  readonly places: ReadonlyMap<string, number>
}

export function wireOverload({ config, metrics, events, places }: OverloadDeps): Overload {
  const residentBytes = config.residentBytes ?? defaultResidentBytes()
  const shedder = createShedder({
    limits: { ...config, residentBytes },
    places,
    changed(kind, { loopDelayMs, utilisation, residentBytes: resident }) {
      events.emit({
        kind,
        detail:
          kind === 'overload'
            ? 'the gateway has too much to do: it refuses predictions that would have to wait'
            : 'it takes all of them again',
        facts: { loop_delay_ms: Math.round(loopDelayMs), utilisation, resident_bytes: resident },
      })
    },
  })
  const stop = watchLoad((sample) => {
    shedder.observe(sample)
    metrics.admitted(shedder.admitted())
  })

  return { ...shedder, stop }
}
