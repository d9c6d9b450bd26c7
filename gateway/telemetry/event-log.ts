import type { Logger } from 'pino'
import type { EventListener } from '../events/events.ts'

/** One line for every event: the log is the one place where all of them can be read again. */
export function createEventLog(logger: Pick<Logger, 'info'>): EventListener {
  return ({ detail, ...event }) => logger.info({ event }, detail)
}
