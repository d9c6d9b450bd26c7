import { countBy } from './load.ts'
import type { BenchGateway } from './bench.ts'
import { demand } from './scenario.ts'

interface GreetingOptions {
  readonly arms: readonly string[]
  /** Over what is said here of the endpoint. */
  readonly endpoint?: object
}

/** A configuration with one endpoint `greeting`, whose arms are values: it needs no model, and is there at once. */
export function greetings({ arms, endpoint }: GreetingOptions): object {
  return {
    endpoints: {
      greeting: {
        arms: Object.fromEntries(arms.map((name) => [name, { value: name }])),
        policy: { name: 'uniform' },
        reward: { window: '10m' },
        ...endpoint,
      },
    },
  }
}

export interface Decided {
  readonly prediction_id: string
  readonly arm: string
  readonly decision: { readonly propensity: number }
}

/** As many decisions, some at once. */
export async function decide(
  { post }: BenchGateway,
  count: number,
  body: (index: number) => object = () => ({}),
): Promise<readonly Decided[]> {
  const decided: Decided[] = []
  for (let from = 0; from < count; from += 16) {
    const some = Math.min(16, count - from)
    const replies = await Promise.all(
      Array.from({ length: some }, (_, index) => post('/decide/greeting', body(from + index))),
    )
    demand(
      replies.every(({ status }) => status === 200),
      countBy(replies, ({ status }) => status),
    )
    decided.push(...replies.map((reply) => reply.body as Decided))
  }
  return decided
}
