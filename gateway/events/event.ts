/**
 * Something that happened to an endpoint, an arm or the gateway, that a person or a pipeline may want to act on. It is
 * told once, when it happens, however long it lasts.
 */
export interface GatewayEvent {
  /** Unique over all gateways. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly kind: EventKind
  /** Absent = it concerns the whole gateway. */
  readonly endpoint?: string | undefined
  readonly arm?: string | undefined
  /** What exactly: the replica, the warning, the version. */
  readonly about?: string | undefined
  /** One sentence for people. */
  readonly detail: string
  /** Numbers that led to it. */
  readonly facts?: Readonly<Record<string, string | number | boolean>> | undefined
}

export type EventKind = (typeof eventKinds)[number]

/** Every kind there is. Those of one matter begin alike and its end has a name of its own. */
const eventKinds = [
  'arm_unavailable',
  'arm_back',
  'arm_paused',
  'arm_resumed',
  'arm_shares_changed',
  'arm_quarantined',
  'arm_released',
  'canary_advanced',
  'canary_completed',
  'canary_rolled_back',
  'drift_found',
  'drift_over',
  'feedback_stalled',
  'feedback_back',
  'model_reloaded',
  'model_reload_failed',
  'overload',
  'overload_over',
  'sample_ratio_mismatch',
  'store_away',
  'store_back',
  'warning',
  'warning_over',
  'winner_found',
  'winner_lost',
  'worker_down',
  'worker_restarted',
  'worker_up',
] as const
