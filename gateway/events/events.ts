import type { GatewayEvent, NewEvent } from './event.ts'
import { createEventIds, type EventIdsDeps } from './event-id.ts'

export type EventListener = (event: GatewayEvent) => void

/** Where everything that happens is told, and whoever wants to know listens. */
export interface Events {
  emit(event: NewEvent): void
  /** `listener` must not throw; it is called at once and in the order of its coming. */
  listen(listener: EventListener): void
}

export interface EventsDeps extends EventIdsDeps {
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export function createEvents({ clock, createId }: EventsDeps): Events {
  const listeners: EventListener[] = []
  const idOf = createEventIds({ createId })
  return {
    emit(event) {
      const at = clock()
      const whole = { id: idOf(event, at), at, ...event }
      for (const listener of listeners) listener(whole)
    },
    listen: (listener) => void listeners.push(listener),
  }
}
