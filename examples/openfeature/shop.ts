import { OpenFeature } from '@openfeature/server-sdk'
import { BanditProvider } from './provider.ts'

// 400 made-up customers, of whom 5, 30 and 10 % buy after the greetings plain, warm and brief.
const chances: Readonly<Record<string, number>> = { plain: 0.05, warm: 0.3, brief: 0.1 }
const baseUrl = process.argv[2] ?? 'http://127.0.0.1:8080'

await OpenFeature.setProviderAndWait(
  new BanditProvider({ baseUrl, onLost: (error) => console.error(error.message) }),
)
const client = OpenFeature.getClient()
const shown = new Map<string, number>()
for (let customer = 0; customer < 400; customer++) {
  const context = { targetingKey: `customer-${customer}` }
  const { value, variant = 'none' } = await client.getStringDetails('greeting', 'Welcome', context)
  if (customer === 0) console.log(`the first customer is greeted with: ${value}`)
  shown.set(variant, (shown.get(variant) ?? 0) + 1)
  const hasBought = Math.random() < (chances[variant] ?? 0)
  client.track('checkout', context, { value: hasBought ? 1 : 0 })
  // Customers do not all come at once, and what the first did is known when the last are greeted.
  await new Promise((resolve) => setTimeout(resolve, 10))
}
for (const [variant, count] of shown) console.log(`${variant}: ${count}`)
await OpenFeature.close()
