import type { GatewayEvent } from './event.ts'

export type NewEvent = Omit<GatewayEvent, 'id' | 'at'>
export type EventListener = (event: GatewayEvent) => void

/** Where everything that happens is told, and whoever wants to know listens. */
export interface Events {
  emit(event: NewEvent): void
  /** `listener` must not throw; it is called at once and in the order of its coming. */
  listen(listener: EventListener): void
}

export interface EventsDeps {
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Unique over all gateways. */
  readonly createId: () => string
}

export function createEvents({ clock, createId }: EventsDeps): Events {
  const listeners: EventListener[] = []
  return {
    emit(event) {
      const whole = { id: createId(), at: clock(), ...event }
      for (const listener of listeners) listener(whole)
    },
    listen: (listener) => void listeners.push(listener),
  }
}
