/** "band" */
export const applicationId = 0x62_61_6e_64

const first = `
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO settings VALUES ('identity', lower(hex(randomblob(8))));

  -- closed: highest closed bucket
  CREATE TABLE endpoints (
    id INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    generation TEXT NOT NULL,
    window_ms INTEGER NOT NULL,
    bucket_ms INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 0,
    closed INTEGER,
    UNIQUE (endpoint, generation)
  ) STRICT;

  -- sums: numbers separated by a space
  CREATE TABLE statistics (
    endpoint INTEGER NOT NULL,
    arm TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sums TEXT NOT NULL,
    PRIMARY KEY (endpoint, arm, epoch)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE open_buckets (
    endpoint INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    arm TEXT NOT NULL,
    pulls INTEGER NOT NULL,
    rewarded INTEGER NOT NULL,
    PRIMARY KEY (endpoint, bucket, arm)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE totals (
    endpoint INTEGER NOT NULL,
    arm TEXT NOT NULL,
    pulls INTEGER NOT NULL,
    rewarded INTEGER NOT NULL,
    defaulted INTEGER NOT NULL,
    written_off INTEGER NOT NULL,
    PRIMARY KEY (endpoint, arm)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE marks (
    endpoint INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    key TEXT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (endpoint, bucket, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE decisions (
    endpoint INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (endpoint, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX decisions_by_end ON decisions (expires_at);

  CREATE TABLE flushes (
    endpoint INTEGER NOT NULL,
    gateway TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (endpoint, gateway)
  ) STRICT, WITHOUT ROWID;
`

const reversible = `
  ALTER TABLE endpoints ADD COLUMN retention_ms INTEGER NOT NULL DEFAULT 86400000;
  ALTER TABLE open_buckets ADD COLUMN voided INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE totals ADD COLUMN voided INTEGER NOT NULL DEFAULT 0;

  -- sums of open buckets that are not learned yet
  CREATE TABLE held (
    endpoint INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    arm TEXT NOT NULL,
    sums TEXT NOT NULL,
    PRIMARY KEY (endpoint, bucket, arm)
  ) STRICT, WITHOUT ROWID;

  -- what the end of a bucket left unsettled, for as long as it may be settled
  CREATE TABLE closed_buckets (
    endpoint INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    arm TEXT NOT NULL,
    defaulted INTEGER NOT NULL,
    written_off INTEGER NOT NULL,
    PRIMARY KEY (endpoint, bucket, arm)
  ) STRICT, WITHOUT ROWID;
`

const controlled = `
  -- what was said of an endpoint's arms, whatever the generation
  CREATE TABLE controls (endpoint TEXT PRIMARY KEY, revision INTEGER NOT NULL, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
`

const restorable = `
  -- when the endpoint's data came into being, microseconds since 1970, and what it began with
  ALTER TABLE endpoints ADD COLUMN born INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE endpoints ADD COLUMN origin TEXT NOT NULL DEFAULT '';
`

const based = `
  -- version: of the endpoint when it was written, 0 = before any checkpoint; base: what a restored checkpoint holds of it
  ALTER TABLE marks ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE marks ADD COLUMN base TEXT NOT NULL DEFAULT '';
  ALTER TABLE flushes ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
`

const steady = `
  -- highest bucket of which something was let go
  ALTER TABLE endpoints ADD COLUMN forgotten INTEGER;
`

/**
 * Never changed once released: a change of the schema is one more entry. While gateways are replaced, older ones go on
 * with a file that a newer one has migrated: so columns are only added, with a default, and statements name theirs.
 */
export const migrations: readonly string[] = [first, reversible, controlled, restorable, based, steady]
