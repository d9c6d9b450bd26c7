import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { type RedisOptions, startRedis } from './start-redis.ts'
import { tempDir } from './temp-dir.ts'

const start = async (options?: RedisOptions) => {
  const server = await startRedis(options)
  onTestFinished(() => server.stop())
  return server
}

const open = (url: string): Redis => {
  const redis = new Redis(url, { retryStrategy: () => null })
  redis.on('error', () => {})
  onTestFinished(() => redis.disconnect())
  return redis
}

test('the server of the whole run answers', async () => {
  expect(await open(process.env.REDIS_URL!).ping()).toBe('PONG')
})

test('a server of its own takes commands at once and is gone once stopped', async () => {
  const server = await start()
  const redis = open(server.url)
  expect(await redis.set('key', 'value')).toBe('OK')
  await server.stop()
  await expect(open(server.url).ping()).rejects.toThrow()
  expect(() => process.kill(server.pid, 0)).toThrow('ESRCH')
})

test('a killed server starts again on its port with what it had written', async () => {
  const dir = await tempDir()
  const args = ['--appendonly', 'yes', '--appendfsync', 'always']
  const first = await start({ dir, args })
  await open(first.url).set('key', 'value')
  process.kill(first.pid, 'SIGKILL')
  await first.stop()
  const second = await start({ dir, args, port: first.port })
  expect(second.url).toBe(first.url)
  expect(await open(second.url).get('key')).toBe('value')
})

test('a server that cannot start says why', async () => {
  await expect(startRedis({ args: ['--no-such-setting', '1'] })).rejects.toThrow('no-such-setting')
})
