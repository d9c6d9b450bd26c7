import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scriptKeys } from '../../../../bandit/store/redis/redis-scripts.ts'

const folder = new URL('../../../../bandit/store/redis/lua/', import.meta.url)
const scripts = Object.entries(scriptKeys)

const indices = (text: string, name: string): number[] => {
  const found = [...text.matchAll(new RegExp(`${name}\\[(\\d+)\\]`, 'g'))].map((match) => Number(match[1]))
  return [...new Set(found)].sort((a, b) => a - b)
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

test('every script is loaded, and every loaded script is there', () => {
  const files = readdirSync(folder).filter((file) => file !== 'numbers.lua')
  expect(files.sort()).toEqual(scripts.map(([name]) => `${name}.lua`).sort())
})

test.each(scripts)('%s says in its header what it takes and returns, and takes that', (name, keys) => {
  const text = readFileSync(new URL(`${name}.lua`, folder), 'utf8')
  const [, header = '', body = ''] = /^--\[\[\n(.*?)\n\]\]\n(.*)$/s.exec(text) ?? []
  expect(header).toMatch(/^ {2}Returns /m)
  expect(header).toMatch(/^ {2}Atomic /m)
  expect(indices(header, 'KEYS')).toEqual(upTo(keys))
  expect(indices(header, 'ARGV')).toEqual(upTo(indices(header, 'ARGV').length))
  for (const key of indices(body, 'KEYS')) expect(key).toBeLessThanOrEqual(keys)
  for (const argument of indices(body, 'ARGV')) expect(indices(header, 'ARGV')).toContain(argument)
})

test.each(scripts)('%s writes nothing before it has read and checked everything', (name) => {
  const text = readFileSync(new URL(`${name}.lua`, folder), 'utf8')
  const firstWrite = text.search(
    /redis\.call\('(SET|HSET|HDEL|HINCRBY|INCR|INCRBY|UNLINK|PEXPIREAT|ZADD|ZREMRANGEBYSCORE)'/,
  )
  const after = firstWrite < 0 ? '' : text.slice(firstWrite)
  expect(after).not.toMatch(/\b(filled|finite|integer|natural|vector|counter|number|sumsPlus)\(/)
})
