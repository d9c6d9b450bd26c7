import { setTimeout as sleep } from 'node:timers/promises'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { modelPath } from '../support/digits.ts'
import { waitUntil } from '../support/wait-until.ts'
import type { BenchGateway } from './bench/bench.ts'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { armsOf, exitsOf } from './bench/views.ts'

/** Predictions with rewards: 1 for every answer of `best`, 0 or 1 in turn for the others. */
async function teach(gateway: BenchGateway, best: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += 50) {
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const { body } = await gateway.post(predictPath, imageBody(from + index))
        const { prediction_id, arm } = body as { readonly prediction_id: string; readonly arm: string }
        const reward = arm === best ? 1 : index % 2
        await gateway.post('/feedback', { prediction_id, reward })
      }),
    )
    // The next ones are drawn from what these have taught.
    await sleep(300)
  }
}

const outage: Scenario = {
  id: 'H1',
  waits: true,
  does: 'breaks the model of the best arm until it has failed to start three times, then heals it',
  expects:
    'what was learned of it is unchanged, its share is back within 2 points; its faults are no rewards',
  async run(bench) {
    const file = join(await bench.dir(), 'network.onnx')
    await copyFile(modelPath('network'), file)
    const gateway = await bench.gateway({
      config: digits({
        models: ['logistic', 'network'],
        files: { network: file },
        // A copy would still be whole.
        copy: 'off',
        endpoint: { policy: { name: 'thompson' } },
      }),
    })
    await teach(gateway, 'network', 300)
    await sleep(500)
    const before = (await armsOf(gateway)).get('network')!
    await writeFile(file, 'half a mod')
    process.kill(gateway.process.workerOf('network')!, 'SIGKILL')
    const load = bench.load(gateway.origin, { path: predictPath, body: imageBody, perSecond: 50 })
    await waitUntil(() => exitsOf(gateway, 'network').length >= 3, { what: 'it fails', timeoutMs: 10_000 })
    const failed = load.answers.filter(({ status }) => status !== 200).length
    demand(
      failed === 0,
      countBy(load.answers, ({ status }) => status),
    )
    await copyFile(modelPath('network'), file)
    const healed = await waitUntil(
      async () => {
        const arm = (await armsOf(gateway)).get('network')!
        return arm.state === 'active' && arm
      },
      { what: 'it is back', timeoutMs: 20_000 },
    )
    await load.stop()
    demand(
      healed.mean === before.mean && healed.rewarded === before.rewarded,
      `mean ${before.mean} became ${healed.mean}, ${before.rewarded} rewards ${healed.rewarded}`,
    )
    const moved = Math.abs(healed.share - before.share)
    demand(moved <= 0.02, `its share was ${before.share} and is ${healed.share}`)
    return `${load.answers.length} answers, all 200; mean ${healed.mean.toFixed(4)} and ${healed.rewarded} rewards as before, share ${healed.share.toFixed(3)} as before`
  },
}

const newcomer: Scenario = {
  id: 'H3',
  does: 'adds an arm with a floor of 5 % to an endpoint that has settled on another',
  expects: 'it gets its floor: at least 4 % of 2,000 decisions',
  async run(bench) {
    const store = `sqlite:${await bench.dir()}/bandit.db`
    const policy = { name: 'thompson', min_share: 0.05 }
    const first = await bench.gateway({
      config: digits({ models: ['logistic', 'network'], endpoint: { policy } }),
      store,
    })
    await teach(first, 'network', 300)
    first.process.kill('SIGTERM')
    await first.process.exited
    const second = await bench.gateway({
      config: digits({ models: ['logistic', 'network', 'tree'], endpoint: { policy } }),
      store,
    })
    const answers = []
    for (let from = 0; from < 2000; from += 50) {
      answers.push(
        ...(await Promise.all(
          Array.from({ length: 50 }, async (_, index) => second.post(predictPath, imageBody(from + index))),
        )),
      )
    }
    const arms = countBy(answers, ({ body }) => (body as { readonly arm: string }).arm)
    const share = answers.filter(({ body }) => (body as { arm: string }).arm === 'tree').length / 2000
    const floor = answers.filter(({ body }) => (body as { arm: string }).arm === 'logistic').length / 2000
    demand(share >= 0.04 && floor >= 0.04, arms)
    return `${arms}; the new one has ${(100 * share).toFixed(1)} %`
  },
}

export const statistics: readonly Scenario[] = [outage, newcomer]
