import type { Logger } from 'pino'
import type { JournalEvents } from '../../bandit/index.ts'

interface JournalLog extends Omit<JournalEvents, 'replayed'> {
  /** One that was accepted in time is too old for the store by now. */
  lost(): void
}

/** One line for every change: when feedback begins to wait, when it has arrived, when the store is another one. */
export function createJournalLog(logger: Pick<Logger, 'info' | 'warn' | 'error'>): JournalLog {
  let losses = 0

  return {
    lost: () => void losses++,
    away: ({ message }) => logger.warn({ reason: message }, 'the store is away: feedback is journalled'),
    drained(entries, records) {
      logger.info({ entries, records }, 'the store has the feedback that was journalled')
      if (losses > 0)
        logger.error(
          { entries: losses },
          'accepted feedback counts for nothing: it comes after what tells repeated feedback was let go of, as this journal was not heard of for journal_wait, or the store away for more than a day',
        )
      losses = 0
    },
    restoring: (endpoints) =>
      logger.warn({ endpoints }, 'the store is another than before: it is given the last feedback again'),
    restored: (outcomes) => logger.info({ outcomes }, 'the store has the last feedback again'),
    failing: (err) =>
      logger.error({ err }, 'feedback cannot be journalled: it is taken only while the store is there'),
    recovered: () => logger.info('feedback is journalled again'),
    fault: (err, entry) => logger.error({ err, entry }, 'journalled feedback could not be learned'),
  }
}
