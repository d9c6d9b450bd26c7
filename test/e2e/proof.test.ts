import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prove, recentTraffic } from '../proof/prove.ts'
import { tempDir } from '../support/temp-dir.ts'

const events = 20_000

test('20,000 pieces of feedback through three processes, one killed, leave SQLite with the bits of a replay', async () => {
  const path = join(await tempDir(), 'bandit.db')
  const proof = await prove({ kind: 'sqlite', path }, recentTraffic(events))
  expect(proof).toMatchObject({ marksCompared: 1000 })
  expect(proof.acknowledged).toBeGreaterThan(0)
  expect(proof.sentAgain).toBeGreaterThan(0)
})

test('20,000 pieces of feedback through three processes, one killed, leave Redis with the bits of a replay', async () => {
  const address = {
    kind: 'redis',
    url: process.env.REDIS_URL!,
    prefix: `bandit-test-${randomUUID()}`,
  } as const
  const proof = await prove(address, recentTraffic(events))
  expect(proof).toMatchObject({ marksCompared: 1000 })
  expect(proof.acknowledged).toBeGreaterThan(0)
  expect(proof.sentAgain).toBeGreaterThan(0)
})
