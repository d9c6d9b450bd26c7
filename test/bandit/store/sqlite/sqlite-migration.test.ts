import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../../bandit/store/sqlite/sqlite-database.ts'
import { applicationId, migrations } from '../../../../bandit/store/sqlite/sqlite-schema.ts'
import { createSqliteStore } from '../../../../bandit/store/sqlite/sqlite.ts'
import { reward, settings, sumsOf } from '../../../contract/store/fixture.ts'
import { tempDir } from '../../../support/temp-dir.ts'

test('a file of the first version goes on with all that was in it', async () => {
  const path = join(await tempDir(), 'bandit.db')
  const old = openDatabase({ path, applicationId, migrations: migrations.slice(0, 1) })
  const { endpoint, generation, windowMs, bucketMs } = settings
  const { bucket } = reward()
  old
    .prepare('INSERT INTO endpoints (id, endpoint, generation, window_ms, bucket_ms) VALUES (1, ?, ?, ?, ?)')
    .run(endpoint, generation, windowMs, bucketMs)
  old.exec(`
    INSERT INTO statistics VALUES (1, 'a', 7, '2 500000 125000');
    INSERT INTO open_buckets VALUES (1, ${bucket}, 'a', 5, 2);
    INSERT INTO totals VALUES (1, 'a', 5, 2, 0, 0);
  `)
  old.close()

  const store = createSqliteStore({ path, clock: Date.now })
  const opened = store.endpoint(settings)
  expect((await opened.readState())!.arms.get('a')).toEqual({
    epochs: new Map([[7, Float64Array.of(2, 500_000, 125_000)]]),
    open: new Map([[bucket, { pulls: 5, rewarded: 2, voided: 0 }]]),
    held: new Map(),
    totals: { pulls: 5, rewarded: 2, voided: 0, defaulted: 0, writtenOff: 0 },
  })
  await opened.applyReward(reward({ to: 'void', delta: Float64Array.of(0, 0, 0) }))
  await opened.closeBucket({ bucket, epoch: 7, defaultDelta: Float64Array.of(1, 10, 100) })
  const state = await opened.readState()
  expect(sumsOf(state, 'a')).toEqual([4, 500_020, 125_200])
  expect(state!.arms.get('a')!.totals).toEqual({
    pulls: 5,
    rewarded: 2,
    voided: 1,
    defaulted: 2,
    writtenOff: 0,
  })
  await store.close()
})
