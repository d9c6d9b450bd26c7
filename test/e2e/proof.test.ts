import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Address } from '../proof/address.ts'
import { prove, recentTraffic } from '../proof/prove.ts'
import { tempDir } from '../support/temp-dir.ts'

const newAddress = {
  SQLite: async (): Promise<Address> => ({ kind: 'sqlite', path: join(await tempDir(), 'bandit.db') }),
  Redis: async (): Promise<Address> => ({
    kind: 'redis',
    url: process.env.REDIS_URL!,
    prefix: `bandit-test-${randomUUID()}`,
  }),
}

test.each(Object.entries(newAddress))(
  '20,000 pieces of feedback through three processes, one killed, leave %s with the bits of a replay',
  async (_, addressOf) => {
    const proof = await prove(await addressOf(), recentTraffic(20_000))
    expect(proof.marksCompared).toBe(1000)
    expect(proof.acknowledged).toBeGreaterThan(0)
    expect(proof.sentAgain).toBeGreaterThan(0)
  },
)
