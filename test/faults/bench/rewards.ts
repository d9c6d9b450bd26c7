import { waitUntil } from '../../support/wait-until.ts'
import type { Bench, BenchGateway } from './bench.ts'
import { imageBody, predictPath } from './digits.ts'
import { countBy, type Load } from './load.ts'
import { demand } from './scenario.ts'
import { armsOf } from './views.ts'

/** One prediction that was answered, and what its reward of 1 was answered. */
export interface Sent {
  readonly prediction_id: string
  /** HTTP status; undefined where there was no answer. */
  readonly status: number | undefined
}

/** Predictions, each rewarded as it is answered. */
export function rewardedLoad(bench: Bench, gateway: BenchGateway, sent: Sent[], perSecond = 150): Load {
  return bench.load(gateway.origin, {
    path: predictPath,
    body: imageBody,
    perSecond,
    async onAnswer({ status, body }) {
      if (status !== 200) return
      const { prediction_id } = body as { readonly prediction_id: string }
      const reply = await gateway.post('/feedback', { prediction_id, reward: 1 }).catch(() => undefined)
      sent.push({ prediction_id, status: reply?.status })
    },
  })
}

/** Does something to the store amid rewards, and holds every acknowledged one to be counted once in the end. */
export async function hurtUnderRewards(
  bench: Bench,
  gateway: BenchGateway,
  hurt: (sent: readonly Sent[]) => Promise<void>,
): Promise<{ readonly sent: readonly Sent[]; readonly seen: string }> {
  const sent: Sent[] = []
  const load = rewardedLoad(bench, gateway, sent)
  const flow = async (): Promise<void> => {
    const before = sent.length
    await waitUntil(() => sent.length > before + 60, { what: 'rewards flow', timeoutMs: 20_000 })
  }
  await flow()
  await hurt(sent)
  await flow()
  await load.stop()
  const failed = load.answers.filter(({ status }) => status !== 200)
  demand(failed.length === 0, `predictions were answered ${countBy(failed, ({ status }) => status)}`)
  const acknowledged = sent.filter(({ status }) => status === 200 || status === 202)
  const answers = `rewards answered ${countBy(sent, ({ status }) => status)}`
  demand(acknowledged.length === sent.length, answers)
  const counted = await countedOf(gateway, acknowledged.length)
  demand(counted === acknowledged.length, `${answers}, ${counted} counted`)
  return { sent, seen: `${load.answers.length} predictions without a fault, ${answers}, each counted once` }
}

/** How many rewards the store has counted, once it is as many as expected, or does not come to be. */
export async function countedOf(gateway: BenchGateway, expected: number): Promise<number> {
  const count = async (): Promise<number> =>
    [...(await armsOf(gateway)).values()].reduce((sum, { rewarded }) => sum + rewarded, 0)
  const options = { what: 'all rewards are counted', timeoutMs: 15_000 }
  await waitUntil(async () => (await count()) === expected, options).catch(() => undefined)
  return count()
}
