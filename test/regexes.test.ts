import { expect, test } from 'vitest'
import { findRegexes } from './support/find-regexes.ts'
import { slowestMs } from './support/hostile-texts.ts'

const found = findRegexes()
const mostMs = 5

test('no regular expression takes longer than 5 ms for 10 kB that were made to keep it busy', () => {
  const literal = found.filter(({ isMade }) => !isMade)
  expect(literal.length).toBeGreaterThan(50)
  const slow = literal.flatMap(({ where, pattern, flags }) => {
    const { ms, text } = slowestMs(new RegExp(pattern, flags), mostMs)
    return ms > mostMs ? [`${where} /${pattern}/${flags}: ${ms.toFixed(1)} ms for ${text}`] : []
  })
  expect(slow).toEqual([])
})

test('those that are put together at run time are known, and made of constants', () => {
  const made = found
    .filter(({ isMade }) => isMade)
    .map(({ where, pattern }) => `${where.split(':')[0]} ${pattern}`)
  expect(made).toEqual([
    'gateway/security/keys/api-key.ts new RegExp(`^${prefix}[0-9A-Za-z]{${randomLength + checksumLength}}$`)',
  ])
})

test.each([/\/+$/, /(a+)+$/, /^(?:a|aa)+b/, /^v1 (\w+\s?)*$/])('%s would be found', (pattern) => {
  expect(slowestMs(pattern, mostMs).ms).toBeGreaterThan(mostMs)
})
