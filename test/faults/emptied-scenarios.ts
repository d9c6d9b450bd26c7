import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../support/wait-until.ts'
import type { BenchGateway } from './bench/bench.ts'
import { imageBody, predictPath } from './bench/digits.ts'
import { countBy } from './bench/load.ts'
import { config, onRedis } from './bench/on-redis.ts'
import { countedOf, hurtUnderRewards } from './bench/rewards.ts'
import { demand, type Scenario } from './bench/scenario.ts'

const toldBy = ({ process }: BenchGateway, words: RegExp) => process.log().find(({ msg }) => words.test(msg))

const emptied: Scenario = {
  id: 'D10',
  does: 'FLUSHALL under 150 rewards a second, with a journal that keeps 2 s and a checkpoint a second',
  expects: 'every acknowledged reward once, those that no journal has any more too; told within 3 s',
  shownBy: 'test/e2e/gateway/redis-emptied.test.ts',
  async run(bench) {
    const { admin, gateway } = await onRedis(bench, { journal_keep: '2s', checkpoint: { every: '1s' } })
    let backMs = 0
    const { seen } = await hurtUnderRewards(bench, gateway, async () => {
      const saved = async () =>
        ((await gateway.metric('bandit_checkpoint_bytes{endpoint="digits"}')) ?? 0) > 0
      await waitUntil(saved, { what: 'there is a checkpoint', timeoutMs: 20_000 })
      await sleep(4000)
      const from = performance.now()
      await admin.flushall()
      const restored = () => toldBy(gateway, /was given back \d+ rewarded predictions/)
      await waitUntil(restored, { what: 'it is given back', timeoutMs: 10_000 })
      backMs = performance.now() - from
    })
    demand(backMs < 3000, `given back after ${Math.round(backMs)} ms`)
    return `${seen}; ${toldBy(gateway, /was given back/)!.msg}, ${Math.round(backMs)} ms after the flush`
  },
}

const emptiedTwice: Scenario = {
  id: 'D10.2',
  does: 'FLUSHALL twice under two gateways; every reward is sent to one, and again to the other at once or soon after',
  expects: 'every acknowledged reward once, in whatever order the two gateways bring what they know',
  byHand: true,
  async run(bench) {
    const more = { checkpoint: { every: '1s' } }
    const { server, admin, gateway } = await onRedis(bench, more)
    const other = await bench.gateway({ config: { ...config, ...more }, store: server.url })
    const both = [gateway, other]
    const statuses: number[] = []
    const again: Promise<void>[] = []
    const ids: string[] = []
    const tell = async (to: BenchGateway, prediction_id: string): Promise<void> => {
      const { status } = await to.post('/feedback', { prediction_id, reward: 1 })
      statuses.push(status)
    }
    const load = bench.load(gateway.origin, {
      path: predictPath,
      body: imageBody,
      perSecond: 100,
      async onAnswer({ body }, index) {
        const { prediction_id } = body as { readonly prediction_id: string }
        ids.push(prediction_id)
        await tell(both[index % 2]!, prediction_id)
        const waitMs = index % 3 === 0 ? 0 : Math.random() * 4000
        const late = sleep(waitMs).then(() => tell(both[(index + 1) % 2]!, prediction_id))
        // Where the scenario has ended early, nobody is there to hear of it.
        again.push(late.catch(() => void statuses.push(0)))
      },
    })
    /** Either of them may be the one that does it. */
    const givenBack = () =>
      both.flatMap(({ process }) => process.log().filter(({ msg }) => /was given back/.test(msg))).length
    for (let flush = 0; flush < 2; flush++) {
      // By then there is a checkpoint of the data as it is, and all gateways have brought their marks.
      await sleep(14_000)
      const before = givenBack()
      await admin.flushall()
      await waitUntil(() => givenBack() > before, { what: 'it is given back', timeoutMs: 10_000 })
      await sleep(3000)
    }
    await load.stop()
    await Promise.all(again)
    const answers = countBy(statuses, (status) => status)
    demand(
      statuses.every((status) => status === 200 || status === 202),
      answers,
    )
    const counted = await countedOf(gateway, ids.length)
    demand(counted === ids.length, `${ids.length} rewards, ${counted} counted: ${answers}`)
    return `${ids.length} rewards, each sent twice (${answers}), each counted once`
  },
}

export const emptying: readonly Scenario[] = [emptied, emptiedTwice]
