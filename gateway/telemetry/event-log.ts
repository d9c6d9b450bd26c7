import type { Logger } from 'pino'
import { eventLevels } from '../events/event.ts'
import type { EventListener } from '../events/events.ts'

const logLevels = { bad: 'warn', warn: 'warn', good: 'info', info: 'info' } as const

/** One line for every event: the log is the one place where all of them can be read again. */
export function createEventLog(logger: Pick<Logger, 'info' | 'warn'>): EventListener {
  return ({ detail, ...event }) => logger[logLevels[eventLevels[event.kind]]]({ event }, detail)
}
