import { fileURLToPath } from 'node:url'
import { OpenFeature, StandardResolutionReasons } from '@openfeature/server-sdk'
import { afterEach, expect, test } from 'vitest'
import { BanditProvider } from '../../examples/openfeature/provider.ts'
import { runGateway } from '../fixtures/gateway-run.ts'
import { newStore } from '../fixtures/real-stores.ts'
import { tempDir } from '../support/temp-dir.ts'
import { waitUntil } from '../support/wait-until.ts'

const config = fileURLToPath(new URL('../../examples/openfeature/bandit.yaml', import.meta.url))

afterEach(() => OpenFeature.close())

test('an OpenFeature SDK asks the gateway for a flag, and what it tracks moves the traffic', async () => {
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const origin = await gateway.ready()
  const lost: Error[] = []
  const provider = new BanditProvider({ baseUrl: origin, onLost: (error) => lost.push(error) })
  await OpenFeature.setProviderAndWait(provider)
  const client = OpenFeature.getClient()

  // Whoever sees the greeting `warm` buys; the others never do.
  const variants = []
  for (let customer = 0; customer < 240; customer++) {
    const context = { targetingKey: `customer-${customer}`, basket: { items: 3 } }
    const details = await client.getStringDetails('greeting', 'nothing', context)
    expect(details.reason).toBe(StandardResolutionReasons.SPLIT)
    variants.push(details.variant)
    client.track('checkout', context, { value: details.variant === 'warm' ? 1 : 0 })
    // Said twice, it counts once.
    if (customer % 10 === 0) client.track('checkout', context, { value: details.variant === 'warm' ? 1 : 0 })
    if (customer % 40 === 39) {
      await provider.onClose()
      await waitUntil(async () => (await rewardedAt(origin)) === customer + 1, {
        what: 'everything that was tracked is learned, once',
      })
    }
  }
  expect(lost).toEqual([])
  // After 200 rewards, all of one arm and none of the others, its share is above 0.95: 30 of 40 or fewer come by
  // chance less than once in a million runs.
  expect(variants.slice(-40).filter((variant) => variant === 'warm').length).toBeGreaterThan(30)

  const wrongType = await client.getBooleanDetails('greeting', false, { targetingKey: 'a' })
  expect([wrongType.value, wrongType.errorCode]).toEqual([false, 'TYPE_MISMATCH'])
  const noFlag = await client.getStringDetails('farewell', 'bye', { targetingKey: 'a' })
  expect([noFlag.value, noFlag.errorCode]).toEqual(['bye', 'FLAG_NOT_FOUND'])
})

const rewardedAt = async (origin: string): Promise<number> => {
  const answer = await fetch(`${origin}/endpoints/greeting`)
  const { arms } = (await answer.json()) as { readonly arms: readonly { readonly rewarded: number }[] }
  return arms.reduce((sum, { rewarded }) => sum + rewarded, 0)
}
