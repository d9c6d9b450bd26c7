import type { Config } from '../config/config.ts'
import { createGate, type Gate } from '../overload/gate.ts'
import type { Overload } from '../overload/wire-overload.ts'
import { createForeignPages, pageRulesOf, type ForeignPages } from '../security/foreign-pages.ts'
import type { Metrics } from '../telemetry/metrics/metrics.ts'

/** What stands before the app, in this order. */
export interface Gates {
  readonly refuse: ForeignPages | undefined
  readonly gate: Gate
}

export interface GatesDeps {
  readonly config: Pick<Config, 'auth' | 'hosts' | 'origins'>
  readonly overload: Overload
  readonly metrics: Pick<Metrics, 'requests' | 'overload'>
}

export function wireGates({ config, overload, metrics }: GatesDeps): Gates {
  const { requests } = metrics
  return {
    refuse: createForeignPages(pageRulesOf(config), requests),
    gate: createGate({
      ...overload,
      metrics: requests,
      refused: metrics.overload.refused,
      random: Math.random,
    }),
  }
}
