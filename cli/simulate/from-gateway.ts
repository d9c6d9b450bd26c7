import { z } from 'zod'
import { contextFreePolicyNames } from '../../bandit/index.ts'
import type { Contender } from '../../bandit/simulate/contender.ts'
import { createContender, createSampledThompson } from '../../bandit/simulate/contenders.ts'
import { type DelayLaw, noDelay, promptFeedback, type SimulatedArm } from '../../bandit/simulate/world.ts'
import { betaFromInterval } from './beta-from-interval.ts'
import type { Scenario } from './scenario.ts'

/** The part of `GET /endpoints/{name}` that says what is believed of the arms. */
const viewSchema = z.object({
  name: z.string(),
  policy: z.object({ name: z.string() }),
  reward: z.object({ bounds: z.tuple([z.number(), z.number()]).optional() }).default({}),
  arms: z
    .array(
      z.object({
        name: z.string(),
        mean: z.number(),
        interval: z.tuple([z.number(), z.number()]),
        delay_ms: z.object({ p50: z.number(), p90: z.number(), p99: z.number() }).optional(),
      }),
    )
    .min(1),
})
type View = z.infer<typeof viewSchema>

/** Nothing of use is at this address. */
export class GatewayFault extends Error {
  readonly code = 'gateway_fault'
  constructor(url: string, reason: string, options?: ErrorOptions) {
    const wanted = 'give the address of an endpoint, like http://127.0.0.1:8080/endpoints/digits'
    super(`${url}: ${reason}; ${wanted}`, options)
    this.name = 'GatewayFault'
  }
}

export interface GatewayDeps {
  readonly get: (url: string) => Promise<Response>
  /** Decisions a second, to turn delays into decisions; without it rewards are there at once. */
  readonly rate?: number | undefined
}

/**
 * What each policy would do if it began afresh on the arms of a running gateway. Each run draws the arms' means
 * from what is believed of them by now, so that the results carry that doubt too.
 */
export async function readScenario(url: string, { get, rate }: GatewayDeps): Promise<Scenario> {
  const view = viewSchema.safeParse(await readJson(url, get))
  if (!view.success) throw new GatewayFault(url, 'this is no endpoint that has read its statistics')
  const { name, policy, reward, arms } = view.data
  const isLeftOut = !contextFreePolicyNames.some((known) => known === policy.name)
  const leftOut = isLeftOut ? `, without ${policy.name}, which needs contexts` : ''
  const delays = rate === undefined ? 'rewards at once' : `delays as measured at ${rate} decisions/s`
  return {
    title: `${name}, from ${url}, ${delays}${leftOut}`,
    world: {
      arms: arms.map((arm) => toArm(arm, reward.bounds ?? [0, 1], rate)),
      horizon: 10_000,
      batch: 1,
      feedback: promptFeedback,
    },
    contenders: toContenders(policy.name),
    runs: 100,
    seed: 1,
  }
}

async function readJson(url: string, get: GatewayDeps['get']): Promise<unknown> {
  try {
    const response = await get(url)
    if (!response.ok) throw new GatewayFault(url, `the answer is ${response.status}`)
    return await response.json()
  } catch (error) {
    if (error instanceof GatewayFault) throw error
    throw new GatewayFault(url, 'there is no answer to read', { cause: error })
  }
}

function toArm(
  { name, mean, interval, delay_ms: delay }: View['arms'][number],
  [low, high]: readonly [number, number],
  rate: number | undefined,
): SimulatedArm {
  const share = (value: number) => (value - low) / (high - low)
  const belief = betaFromInterval(share(mean), share(interval[1]) - share(interval[0]))
  return {
    name,
    reward: { kind: 'drawn', ...belief },
    delay: delay === undefined || rate === undefined ? noDelay : toDelay(delay, rate),
  }
}

function toDelay(ms: NonNullable<View['arms'][number]['delay_ms']>, rate: number): DelayLaw {
  const steps = (value: number) => (value * rate) / 1000
  return {
    kind: 'quantiles',
    points: [
      { share: 0.5, steps: steps(ms.p50) },
      { share: 0.9, steps: steps(ms.p90) },
      { share: 0.99, steps: steps(ms.p99) },
    ],
  }
}

/** The endpoint's own policy first, and those that it is worth comparing with. */
function toContenders(own: string): Contender[] {
  return [...new Set([own, 'thompson', 'kl-ucb', 'uniform'])]
    .filter((name) => contextFreePolicyNames.some((known) => known === name))
    .map((name) => (name === 'thompson' ? createSampledThompson(name) : createContender(name, { name })))
}
