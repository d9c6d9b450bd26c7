import { z } from 'zod'
import { policyNames } from '../../bandit/index.ts'
import { createContender, createSampledThompson } from '../../bandit/simulate/contenders.ts'
import type { Contender } from '../../bandit/simulate/contender.ts'
import { noDelay, promptFeedback } from '../../bandit/simulate/world.ts'
import type { Scenario } from './scenario.ts'

/** The part of `GET /endpoints/{name}` that says what is believed of the arms. */
const viewSchema = z.object({
  name: z.string(),
  policy: z.object({
    name: z.string(),
    prior: z.object({ alpha: z.number(), beta: z.number() }).default({ alpha: 1, beta: 1 }),
  }),
  arms: z
    .array(
      z.object({ name: z.string(), mean: z.number().min(0).max(1), effective_rewards: z.number().min(0) }),
    )
    .min(1),
})

/** Nothing of use is at this address. */
export class GatewayFault extends Error {
  readonly code = 'gateway_fault'
  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(
      `${url}: ${reason}; give the address of an endpoint, like http://127.0.0.1:8080/endpoints/digits`,
      options,
    )
    this.name = 'GatewayFault'
  }
}

/**
 * What each policy would do if it began afresh on the arms of a running gateway. Each run draws the arms' means
 * from what is believed of them by now, so that the results carry that doubt too.
 */
export async function readScenario(
  url: string,
  get: (url: string) => Promise<Response> = fetch,
): Promise<Scenario> {
  const view = viewSchema.safeParse(await readJson(url, get))
  if (!view.success) throw new GatewayFault(url, 'this is no endpoint that has read its statistics')
  const { name, policy, arms } = view.data
  const mass = policy.prior.alpha + policy.prior.beta
  return {
    title: `${name}, from ${url}`,
    world: {
      arms: arms.map((arm) => ({
        name: arm.name,
        reward: {
          kind: 'drawn',
          alpha: arm.mean * (mass + arm.effective_rewards),
          beta: (1 - arm.mean) * (mass + arm.effective_rewards),
        },
        delay: noDelay,
      })),
      horizon: 10_000,
      batch: 1,
      feedback: promptFeedback,
    },
    contenders: toContenders(policy.name),
    runs: 100,
    seed: 1,
  }
}

async function readJson(url: string, get: (url: string) => Promise<Response>): Promise<unknown> {
  try {
    const response = await get(url)
    if (!response.ok) throw new GatewayFault(url, `the answer is ${response.status}`)
    return await response.json()
  } catch (error) {
    if (error instanceof GatewayFault) throw error
    throw new GatewayFault(url, 'there is no answer to read', { cause: error })
  }
}

/** The endpoint's own policy first, and those that it is worth comparing with. */
function toContenders(own: string): Contender[] {
  const names = [...new Set([own, 'thompson', 'kl-ucb', 'uniform'])]
  return names
    .filter((name) => policyNames.some((known) => known === name))
    .map((name) => (name === 'thompson' ? createSampledThompson(name) : createContender(name, { name })))
}
