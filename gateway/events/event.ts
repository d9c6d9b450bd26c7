/**
 * Something that happened to an endpoint, an arm or the gateway, that a person or a pipeline may want to act on. It is
 * told once, when it happens, however long it lasts.
 */
export interface GatewayEvent {
  /** Unique over all gateways; one and the same where several gateways tell of the same thing, see `event-id.ts`. */
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

/** An event as it is told. */
export type NewEvent = Omit<GatewayEvent, 'id' | 'at'>

export type EventKind = keyof typeof eventLevels

/** bad: requests suffer or learning has stopped; warn: somebody should look; good: it is over, or went well. */
export type EventLevel = 'bad' | 'warn' | 'good' | 'info'

/** Every kind there is. Those of one matter begin alike and its end has a name of its own. */
export const eventLevels = {
  arm_unavailable: 'bad',
  arm_back: 'good',
  arm_paused: 'info',
  arm_resumed: 'info',
  arm_shares_changed: 'info',
  arm_quarantined: 'bad',
  arm_on_probation: 'warn',
  arm_released: 'good',
  canary_advanced: 'info',
  canary_completed: 'good',
  canary_rolled_back: 'bad',
  clock_wrong: 'warn',
  clock_right: 'good',
  drift_found: 'warn',
  drift_over: 'good',
  feedback_stalled: 'bad',
  feedback_back: 'good',
  journal_given_up: 'bad',
  model_reloaded: 'info',
  model_reload_failed: 'bad',
  overload: 'bad',
  overload_over: 'good',
  sample_ratio_mismatch: 'warn',
  shares_held: 'warn',
  shares_arrived: 'good',
  state_restored: 'good',
  store_away: 'bad',
  store_back: 'good',
  store_lost_state: 'bad',
  warning: 'warn',
  warning_over: 'good',
  winner_found: 'good',
  winner_lost: 'warn',
  worker_down: 'bad',
  worker_recycled: 'warn',
  worker_restarted: 'warn',
  worker_up: 'good',
} as const satisfies Record<string, EventLevel>
