import { defaultRetentionMs } from '../retention.ts'
import type { Database } from './sqlite-database.ts'
import type { ControlsRecord, EndpointSettings } from '../store.ts'

export interface EndpointRow {
  version: number
  readonly closed: number | null
  readonly forgotten: number | null
  readonly born: number
  readonly origin: string
}

export interface BucketRow {
  readonly endpoint: number
  readonly bucket: number
}

export interface OpenRow {
  readonly arm: string
  readonly bucket: number
  readonly pulls: number
  readonly rewarded: number
  readonly voided: number
}

interface HeldRow {
  readonly arm: string
  readonly bucket: number
  readonly sums: string
}

interface ClosedRow {
  readonly arm: string
  readonly bucket: number
  readonly defaulted: number
  readonly written_off: number
}

export interface TotalsRow {
  readonly arm: string
  readonly pulls: number
  readonly rewarded: number
  readonly voided: number
  readonly defaulted: number
  readonly written_off: number
}

interface MarkRow {
  readonly mark: string
  /** Of the endpoint when it was written. */
  readonly version: number
  readonly base: string
}

/** Newest bucket of an endpoint of which nothing can be changed any more; takes the time. */
const oldestKept = '(? - window_ms - retention_ms) / bucket_ms - 2'

/** All SQL on rows, each statement prepared once. `endpoint` is the id of its row. */
export type Statements = ReturnType<typeof prepareStatements>

export function prepareStatements(database: Database) {
  const sql = (text: string) => database.prepare(text)
  const upsert = (...facts: Parameters<typeof upserting>) => sql(upserting(...facts))

  const setting = sql('SELECT value FROM settings WHERE name = ?')
  const keepSetting = sql('INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const replaceSetting = upsert('settings', ['name'], ['value'])

  const controls = sql('SELECT revision, text FROM controls WHERE endpoint = ?')
  const keepControls = upsert('controls', ['endpoint'], ['revision', 'text'])

  const openEndpoint = sql(`
    INSERT INTO endpoints (endpoint, generation, window_ms, bucket_ms, retention_ms, born) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET window_ms = excluded.window_ms, bucket_ms = excluded.bucket_ms,
      retention_ms = excluded.retention_ms
    RETURNING id`)
  const endpointRow = sql('SELECT version, closed, forgotten, born, origin FROM endpoints WHERE id = ?')
  const raiseVersion = sql('UPDATE endpoints SET version = version + ? WHERE id = ?')
  const keepOrigin = sql('UPDATE endpoints SET origin = ? WHERE id = ?')
  const raiseForgotten = sql(
    'UPDATE endpoints SET forgotten = ?1 WHERE id = ?2 AND (forgotten IS NULL OR forgotten < ?1)',
  )
  const raiseClosed = sql('UPDATE endpoints SET closed = ? WHERE id = ?')

  const sums = sql('SELECT sums FROM statistics WHERE endpoint = ? AND arm = ? AND epoch = ?')
  const allSums = sql('SELECT arm, epoch, sums FROM statistics WHERE endpoint = ?')
  const keepSums = upsert('statistics', ['endpoint', 'arm', 'epoch'], ['sums'])
  const dropSums = sql('DELETE FROM statistics WHERE endpoint = ? AND epoch < ?')

  const addOpen = sql(`
    INSERT INTO open_buckets (endpoint, bucket, arm, pulls, rewarded, voided) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET pulls = pulls + excluded.pulls, rewarded = rewarded + excluded.rewarded,
      voided = voided + excluded.voided`)
  const openRows = sql('SELECT arm, bucket, pulls, rewarded, voided FROM open_buckets WHERE endpoint = ?')
  const openRowsOf = sql(
    'SELECT arm, bucket, pulls, rewarded, voided FROM open_buckets WHERE endpoint = ? AND bucket = ?',
  )
  const dropOpen = sql('DELETE FROM open_buckets WHERE endpoint = ? AND bucket = ?')

  const held = sql('SELECT sums FROM held WHERE endpoint = ? AND bucket = ? AND arm = ?')
  const allHeld = sql('SELECT arm, bucket, sums FROM held WHERE endpoint = ?')
  const heldOf = sql('SELECT arm, bucket, sums FROM held WHERE endpoint = ? AND bucket = ?')
  const keepHeld = upsert('held', ['endpoint', 'bucket', 'arm'], ['sums'])
  const dropHeld = sql('DELETE FROM held WHERE endpoint = ? AND bucket = ?')

  const closedRow = sql(
    'SELECT defaulted, written_off FROM closed_buckets WHERE endpoint = ? AND bucket = ? AND arm = ?',
  )
  const closedRows = sql('SELECT arm, bucket, defaulted, written_off FROM closed_buckets WHERE endpoint = ?')
  const addClosed = sql(`
    INSERT INTO closed_buckets (endpoint, bucket, arm, defaulted, written_off) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET defaulted = defaulted + excluded.defaulted,
      written_off = written_off + excluded.written_off`)
  const dropClosed = sql(`
    DELETE FROM closed_buckets WHERE (endpoint, bucket, arm) IN (
      SELECT closed_buckets.endpoint, closed_buckets.bucket, closed_buckets.arm
      FROM endpoints CROSS JOIN closed_buckets
        ON closed_buckets.endpoint = endpoints.id AND closed_buckets.bucket <= ${oldestKept}
      LIMIT ?)
    RETURNING endpoint, bucket`)

  const addTotals = sql(`
    INSERT INTO totals (endpoint, arm, pulls, rewarded, voided, defaulted, written_off)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET pulls = pulls + excluded.pulls, rewarded = rewarded + excluded.rewarded,
      voided = voided + excluded.voided, defaulted = defaulted + excluded.defaulted, written_off = written_off + excluded.written_off`)
  const totals = sql(
    'SELECT arm, pulls, rewarded, voided, defaulted, written_off FROM totals WHERE endpoint = ?',
  )

  const mark = sql('SELECT mark, version, base FROM marks WHERE endpoint = ? AND bucket = ? AND key = ?')
  const keepMark = upsert('marks', ['endpoint', 'bucket', 'key'], ['mark', 'version', 'base'])
  const dropMarks = sql(`
    DELETE FROM marks WHERE (endpoint, bucket, key) IN (
      SELECT marks.endpoint, marks.bucket, marks.key
      FROM endpoints CROSS JOIN marks ON marks.endpoint = endpoints.id AND marks.bucket <= ${oldestKept}
      LIMIT ?)
    RETURNING endpoint, bucket`)

  const decision = sql('SELECT value FROM decisions WHERE endpoint = ? AND key = ? AND expires_at > ?')
  const keepDecision = upsert('decisions', ['endpoint', 'key'], ['value', 'expires_at'])
  const dropDecisions = sql(`
    DELETE FROM decisions WHERE (endpoint, key) IN (
      SELECT endpoint, key FROM decisions WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`)

  const sequence = sql(
    'SELECT sequence, version FROM flushes WHERE endpoint = ? AND gateway = ? AND expires_at > ?',
  )
  const keepSequence = upsert('flushes', ['endpoint', 'gateway'], ['sequence', 'expires_at', 'version'])
  const dropSequences = sql('DELETE FROM flushes WHERE expires_at <= ?')

  return {
    setting: (name: string) => (setting.get(name) as { value: string } | undefined)?.value,
    keepSetting: (name: string, value: string) => keepSetting.run(name, value),
    replaceSetting: (name: string, value: string) => replaceSetting.run(name, value),

    controls: (name: string) => controls.get(name) as unknown as ControlsRecord | undefined,
    keepControls: (name: string, { revision, text }: ControlsRecord) =>
      keepControls.run(name, revision, text),

    openEndpoint(settings: EndpointSettings, born: number): number {
      const { endpoint, generation, windowMs, bucketMs, retentionMs } = settings
      const times = [windowMs, bucketMs, retentionMs ?? defaultRetentionMs] as const
      return (openEndpoint.get(endpoint, generation, ...times, born) as { id: number }).id
    },
    endpoint: (id: number) => endpointRow.get(id) as unknown as EndpointRow,
    raiseVersion: (endpoint: number, by: number) => raiseVersion.run(by, endpoint),
    keepOrigin: (endpoint: number, origin: string) => keepOrigin.run(origin, endpoint),
    raiseForgotten: (endpoint: number, bucket: number) => raiseForgotten.run(bucket, endpoint),
    raiseClosed: (endpoint: number, bucket: number) => raiseClosed.run(bucket, endpoint),

    sums: (endpoint: number, arm: string, epoch: number) =>
      (sums.get(endpoint, arm, epoch) as { sums: string } | undefined)?.sums,
    allSums: (endpoint: number) => allSums.all(endpoint) as { arm: string; epoch: number; sums: string }[],
    keepSums: (endpoint: number, arm: string, epoch: number, text: string) =>
      keepSums.run(endpoint, arm, epoch, text),
    dropSums: (endpoint: number, before: number) => dropSums.run(endpoint, before).changes,

    addOpen: (endpoint: number, bucket: number, arm: string, added: Partial<OpenRow>) =>
      addOpen.run(endpoint, bucket, arm, added.pulls ?? 0, added.rewarded ?? 0, added.voided ?? 0),
    openRows: (endpoint: number) => openRows.all(endpoint) as unknown as OpenRow[],
    openRowsOf: (endpoint: number, bucket: number) =>
      openRowsOf.all(endpoint, bucket) as unknown as OpenRow[],
    dropOpen: (endpoint: number, bucket: number) => dropOpen.run(endpoint, bucket),

    held: (endpoint: number, bucket: number, arm: string) =>
      (held.get(endpoint, bucket, arm) as { sums: string } | undefined)?.sums,
    allHeld: (endpoint: number) => allHeld.all(endpoint) as unknown as HeldRow[],
    heldOf: (endpoint: number, bucket: number) => heldOf.all(endpoint, bucket) as unknown as HeldRow[],
    keepHeld: (endpoint: number, bucket: number, arm: string, text: string) =>
      keepHeld.run(endpoint, bucket, arm, text),
    dropHeld: (endpoint: number, bucket: number) => dropHeld.run(endpoint, bucket),

    closedRow: (endpoint: number, bucket: number, arm: string) =>
      closedRow.get(endpoint, bucket, arm) as Pick<ClosedRow, 'defaulted' | 'written_off'> | undefined,
    closedRows: (endpoint: number) => closedRows.all(endpoint) as unknown as ClosedRow[],
    addClosed: (endpoint: number, bucket: number, arm: string, added: Partial<ClosedRow>) =>
      addClosed.run(endpoint, bucket, arm, added.defaulted ?? 0, added.written_off ?? 0),
    dropClosed: (now: number, limit: number) => dropClosed.all(now, limit) as unknown as BucketRow[],

    addTotals: (endpoint: number, arm: string, added: Partial<TotalsRow>) =>
      addTotals.run(
        endpoint,
        arm,
        added.pulls ?? 0,
        added.rewarded ?? 0,
        added.voided ?? 0,
        added.defaulted ?? 0,
        added.written_off ?? 0,
      ),
    totals: (endpoint: number) => totals.all(endpoint) as unknown as TotalsRow[],

    mark: (endpoint: number, bucket: number, key: string) =>
      mark.get(endpoint, bucket, key) as unknown as MarkRow | undefined,
    keepMark: (endpoint: number, bucket: number, key: string, row: MarkRow) =>
      keepMark.run(endpoint, bucket, key, row.mark, row.version, row.base),
    dropMarks: (now: number, limit: number) => dropMarks.all(now, limit) as unknown as BucketRow[],

    decision: (endpoint: number, key: string, now: number) =>
      (decision.get(endpoint, key, now) as { value: string } | undefined)?.value,
    keepDecision: (endpoint: number, key: string, value: string, expiresAt: number) =>
      keepDecision.run(endpoint, key, value, expiresAt),
    dropDecisions: (now: number, limit: number) => dropDecisions.run(now, limit),

    sequence: (endpoint: number, gateway: string, now: number) =>
      sequence.get(endpoint, gateway, now) as { sequence: number; version: number } | undefined,
    keepSequence: (endpoint: number, gateway: string, value: number, expiresAt: number, version: number) =>
      keepSequence.run(endpoint, gateway, value, expiresAt, version),
    dropSequences: (now: number) => dropSequences.run(now),
  }
}

/**
 * A row that takes the place of the one with its key. Columns are named, and those that are not stay as they are: while
 * gateways are replaced, a newer one may have added some to the file that an older one has open.
 */
function upserting(table: string, key: readonly string[], values: readonly string[]): string {
  const columns = [...key, ...values]
  const changed = values.map((name) => `${name} = excluded.${name}`)
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT DO UPDATE SET ${changed.join(', ')}`
}
