import { expect, test } from 'vitest'
import { endpointKeys } from '../../../../bandit/store/redis/keys.ts'
import { loadScripts } from '../../../../bandit/store/redis/redis-scripts.ts'
import { reward, settings, sumsOf } from '../../../contract/store/fixture.ts'
import { redisFixture } from './redis-fixture.ts'

/** Texts that some reader of numbers takes for one, and that must not get into a sum or a counter. */
const poison = ['nan', 'inf', '-inf', '1e400', '0x10', ' 1', '1 ', '', 'one', '--1', '1.2.3', '1;2']

const open = async () => {
  const fixture = redisFixture()
  const store = await fixture.newStore()
  await store.endpoint(settings).applyReward(reward())
  const keys = endpointKeys(fixture.prefix, settings.endpoint, settings.generation)
  const redis = fixture.admin()
  const run = loadScripts(redis)
  return { ...fixture, store, keys, redis, run }
}

test('scripts refuse poisoned arguments themselves, and write nothing', async () => {
  const { keys, run, dump } = await open()
  const { statistics, pulls, rewarded, voided, held, totals, closed, version } = keys
  const { bucket, decidedAt, acceptedAt, key } = reward({ key: 'another-key-0001' })
  const later = Date.now() + 1_000_000
  const bothKeys = [statistics, pulls, rewarded, voided, held, totals, keys.marks(bucket), closed, version]
  const [rewardKeys, closeKeys] = [bothKeys, bothKeys]
  const when = [acceptedAt!, decidedAt + 60_000, later]
  const standing = ['unsettled', 'rewarded', '1 0 0', '']
  const rewardArgs = [key, 'a', bucket, 7, ...when, '', 'mark', '1 2 3', ...standing]
  const pullKeys = [keys.flush('g'), pulls, totals, closed, version]
  const before = await dump()

  const replace = <T>(args: readonly T[], index: number, value: string) => args.with(index, value as T)
  for (const bad of poison) {
    // An empty acceptedAt means now, an empty last moment that there is none, an empty default that there is none.
    const numbers = bad === '' ? [2, 3, 6, 9] : [2, 3, 4, 5, 6, 9, 12]
    for (const index of numbers.filter((i) => i < 9 || bad.trim() === bad))
      await expect(
        run('apply-reward', rewardKeys, replace(rewardArgs, index, bad)),
        `${index}: "${bad}"`,
      ).rejects.toThrow(/bad_argument/)
    const delta = `1 ${bad || 'x'} 3`
    if (bad.trim() === bad && bad !== '')
      await expect(run('apply-reward', rewardKeys, replace(rewardArgs, 9, delta)), delta).rejects.toThrow(
        /bad_argument/,
      )

    const closeArgs = [bucket, 7, 1, later, '1 2 3']
    for (const index of [0, 1, 2, 3])
      await expect(run('close-bucket', closeKeys, replace(closeArgs, index, bad)), bad).rejects.toThrow(
        /bad_argument/,
      )

    const pullArgs = [1, 60_000, 'a', bucket, 1, 'b', bucket, 1]
    for (const index of [0, 1, 3, 4, 6, 7])
      await expect(run('record-pulls', pullKeys, replace(pullArgs, index, bad)), bad).rejects.toThrow(
        /bad_argument/,
      )
    await expect(run('prune-epochs', [statistics, version], [bad])).rejects.toThrow(/bad_argument/)
    if (bad !== '')
      await expect(run('keep-first', [keys.decision('d')], ['value', bad])).rejects.toThrow(/bad_argument/)
  }
  for (const index of [0, 1, 8, 10, 11])
    await expect(run('apply-reward', rewardKeys, replace(rewardArgs, index, ''))).rejects.toThrow(
      /bad_argument/,
    )
  await expect(run('record-pulls', pullKeys, [1, 60_000, 'a', bucket])).rejects.toThrow(/bad_argument/)
  expect(await dump()).toBe(before)
})

test('a key that holds something else stops a script before it has written anything', async () => {
  const { keys, store, redis, dump } = await open()
  const endpoint = store.endpoint(settings)
  const next = reward({ key: 'another-key-0001' })
  const foreign = [
    () => redis.hset(keys.rewarded, `a/${next.bucket}`, 'many'),
    () => redis.hset(keys.totals, 'a/rewarded', '1.5'),
    () => redis.set(keys.version, 'new'),
    () => redis.hset(keys.statistics, 'a/7', '1 2 x'),
    () => redis.set(keys.marks(next.bucket), 'text'),
    () => redis.set(keys.totals, 'text'),
  ]
  for (const spoil of foreign) {
    await spoil()
    const before = await dump()
    await expect(endpoint.applyReward(next)).rejects.toThrow()
    expect(await dump()).toBe(before)
  }
})

test('scripts that the server has forgotten are sent again', async () => {
  const { store, redis } = await open()
  const endpoint = store.endpoint(settings)
  await redis.script('FLUSH')
  const keys = ['a', 'b', 'c'].map((letter) => letter.repeat(16))
  const results = await Promise.all(keys.map((key) => endpoint.applyReward(reward({ key }))))
  expect(results.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied'])
  expect(sumsOf(await endpoint.readState(), 'a')).toEqual([4, 1_000_000, 250_000])
})

test('sums and counts can be read by a person', async () => {
  const { keys, redis } = await open()
  expect(await redis.hgetall(keys.statistics)).toEqual({ 'a/7': '1 250000 62500' })
  expect(await redis.hgetall(keys.totals)).toEqual({ 'a/rewarded': '1' })
})

test('marks of an endpoint that nobody looks after go a day after they could last be changed', async () => {
  const { keys, store, redis } = await open()
  const { bucket } = reward()
  const marks = keys.marks(bucket)
  const end = (bucket + 1) * settings.bucketMs + settings.windowMs
  expect(await redis.pexpiretime(marks)).toBe(end + 2 * 86_400_000)
  await store.endpoint({ ...settings, retentionMs: 3_600_000 }).closeBucket({ bucket, epoch: 7 })
  expect(await redis.pexpiretime(marks)).toBe(end + 3_600_000 + 86_400_000)
})

test('the sequence of a gateway that is gone is forgotten after a day', async () => {
  const { keys, store, redis } = await open()
  await store.endpoint(settings).recordPulls({ gateway: 'g', sequence: 1, counts: [] })
  const ttl = await redis.pttl(keys.flush('g'))
  expect(ttl).toBeGreaterThan(86_000_000)
  expect(ttl).toBeLessThanOrEqual(86_400_000)
})
