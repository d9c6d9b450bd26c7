import { onTestFinished, expect, test } from 'vitest'
import { createBench } from '../faults/bench/bench.ts'
import { redis } from '../faults/redis-scenarios.ts'

/** Down-after and node timeout are 1 s and 2 s there; the other scenarios take longer and are run by hand. */
test.each(redis.filter(({ byHand }) => byHand !== true))(
  '$id: after $does nothing is lost and nothing counts twice',
  async (scenario) => {
    const { bench, end } = createBench()
    onTestFinished(() => end())
    expect(await scenario.run(bench)).toMatch(/, 0 lost, 0 doubled, /)
  },
)
