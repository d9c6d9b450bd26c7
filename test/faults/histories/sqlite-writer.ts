import { flushCompileCache } from 'node:module'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLearner, createLedger, type Feedback, StoreUnavailable } from '../../../bandit/index.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import type { EndpointStore, PullFlush } from '../../../bandit/store/store.ts'
import { ids, rules, settings, windowMs } from '../../bandit/journal/shop.ts'

/**
 * What a gateway is for feedback with an embedded store, in a process that may be killed at any moment. It does what it is
 * sent and answers each; to be killed at one point of a transaction is among it.
 *
 *     node sqlite-writer.ts <file>
 */
export type Command =
  | { readonly does: 'learn'; readonly feedback: Feedback }
  | { readonly does: 'flush'; readonly flush: PullFlush }
  | { readonly does: 'close'; readonly bucket: number }
  /** From now on the file must not grow, as on a full disk; or it may again. */
  | { readonly does: 'fill' | 'free' }
  /** Dies by SIGKILL in the next transaction, or after some statements of whichever. */
  | { readonly does: 'die'; readonly at: 'before the commit' | 'after the commit' }
  | { readonly does: 'die'; readonly at: 'a statement'; readonly after: number }

export interface Asked {
  readonly id: number
  /** Milliseconds since 1970 by the clock of this machine, which may step. */
  readonly now: number
  readonly command: Command
}

/** `full` and `busy`: the store took nothing. */
export interface Answer {
  readonly id: number
  readonly status: string
}

/** The store's own connection, for what no caller can do: SQLite counts pages for each. */
let connection: DatabaseSync | undefined
let death: Extract<Command, { does: 'die' }> | undefined
let statements = 0
const die = (): void => void process.kill(process.pid, 'SIGKILL')

const note = (opened: DatabaseSync): void => void (connection = opened)
const exec: (this: DatabaseSync, sql: string) => void = Reflect.get(DatabaseSync.prototype, 'exec')
DatabaseSync.prototype.exec = function execute(this: DatabaseSync, sql: string): void {
  note(this)
  if (sql === 'COMMIT' && death?.at === 'before the commit') die()
  exec.call(this, sql)
  if (sql === 'COMMIT' && death?.at === 'after the commit') die()
}

const run = Reflect.get(StatementSync.prototype, 'run') as (
  this: StatementSync,
  ...values: unknown[]
) => ReturnType<StatementSync['run']>
StatementSync.prototype.run = function count(this: StatementSync, ...values: unknown[]) {
  const result = run.apply(this, values)
  statements += 1
  if (death?.at === 'a statement' && statements >= death.after) die()
  return result
}

/** Somebody else may have the lock. */
async function open(): Promise<EndpointStore> {
  for (let tries = 0; ; tries += 1) {
    const store = createSqliteStore({ path: process.argv[2]!, clock: () => now })
    try {
      return store.endpoint(settings)
    } catch (error) {
      await store.close()
      if (tries > 100) throw error
      await sleep(20)
    }
  }
}

let now = 0
const endpoint = await open()
const ledger = createLedger({ ids, store: endpoint, windowMs, labelOutput: undefined })
const endpoints = new Map([['shop', { ...rules, ...settings, store: endpoint, ledger }]])
const learner = createLearner({ ids, endpoints, clock: () => now })
// Whoever holds the lock in these histories holds it for longer: waiting for it would only take time.
connection!.exec('PRAGMA busy_timeout = 1')

/** Nothing is closed before its time, and the clock may have stepped. */
function isClosed(bucket: number): boolean {
  const { closed } = connection!.prepare('SELECT closed FROM endpoints').get() as { closed: number | null }
  return closed !== null && closed >= bucket
}

async function perform(command: Command): Promise<string> {
  switch (command.does) {
    case 'learn':
      return (await learner.learn(command.feedback)).status
    case 'flush':
      await endpoint.recordPulls(command.flush)
      return 'flushed'
    case 'close':
      await endpoint.closeBucket({ bucket: command.bucket, epoch: 0 })
      return isClosed(command.bucket) ? 'closed' : 'open'
    case 'fill':
      // Below the present number of pages it is that number.
      connection!.exec('PRAGMA max_page_count = 1')
      return 'full'
    case 'free':
      connection!.exec('PRAGMA max_page_count = 1000000000')
      return 'free'
    case 'die':
      death = command
      statements = 0
      return 'armed'
  }
}

async function answer({ id, now: told, command }: Asked): Promise<void> {
  now = told
  const status = await perform(command).catch((error: unknown) => {
    if (error instanceof StoreUnavailable && /disk is full/.test(error.message)) return 'full'
    if (error instanceof StoreUnavailable && /another process/.test(error.message)) return 'busy'
    return `a fault: ${String(error)}`
  })
  process.send!({ id, status } satisfies Answer)
}

process.on('message', (asked: Asked) => void answer(asked))
// Whoever is killed writes none at its end.
flushCompileCache()
process.on('disconnect', () => process.exit())
process.send!({ id: 0, status: 'ready' } satisfies Answer)
