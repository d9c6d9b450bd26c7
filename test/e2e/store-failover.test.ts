import { expect, test } from 'vitest'
import { redisScenarios } from '../faults/redis-scenarios.ts'

/** Down-after and node timeout are 1 s and 2 s there; the rest of the scenarios takes longer and is run by hand. */
const shortOnes = [
  { name: 'D3 kill -9 of the master that Sentinels watch', darkMs: 4000 },
  { name: 'D6 kill -9 of a Cluster master', darkMs: 10_000 },
] as const

test.each(shortOnes)('$name loses no feedback and counts none twice', async ({ name, darkMs }) => {
  const report = await redisScenarios[name]()
  expect(report).toMatchObject({ lost: 0, doubled: 0, sumOff: 0, refused: 0 })
  expect(report.journalled).toBeGreaterThan(0)
  expect(report.told).toContain('restoring')
  expect(report.darkMs).toBeLessThan(darkMs)
})
