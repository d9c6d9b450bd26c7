import { setTimeout as sleep } from 'node:timers/promises'
import type { EndpointView } from './endpoint-view.ts'
import type { GatewayClient } from './gateway-client.ts'
import type { Tally } from './tally.ts'
import { differing, toTotals } from './totals.ts'

type ViewClient = Pick<GatewayClient, 'view'>

const askEveryMs = 100
const allArmsWithinMs = 10_000
const agreementWithinMs = 10_000

/** The endpoint once every arm can answer; a gateway is ready with the first one, the others follow. */
export const viewAtStart = (client: ViewClient, signal: AbortSignal): Promise<EndpointView> =>
  viewWhen(client, ({ arms }) => arms.every(({ state }) => state === 'active'), allArmsWithinMs, signal)

/**
 * The endpoint once it has counted every acknowledged label: its view is a snapshot that trails the store, and
 * journalled labels are applied when the store is back. The last view, agreeing or not, when that takes too long.
 */
export const viewInAgreement = (
  client: ViewClient,
  tally: Tally,
  before: EndpointView,
  signal: AbortSignal,
): Promise<EndpointView> =>
  viewWhen(
    client,
    (after) => differing(toTotals(tally, before, after)).length === 0,
    agreementWithinMs,
    signal,
  )

const viewWhen = async (
  client: ViewClient,
  satisfied: (view: EndpointView) => boolean,
  withinMs: number,
  signal: AbortSignal,
): Promise<EndpointView> => {
  const deadline = performance.now() + withinMs
  for (;;) {
    const reply = await client.view()
    const late = performance.now() > deadline
    if (reply.status === 'answered') {
      if (late || satisfied(reply.value)) return reply.value
    } else if (late || reply.status === 'refused') {
      throw new Error(`The gateway does not tell about its arms: ${reply.reason}`)
    }
    await sleep(askEveryMs, undefined, { signal })
  }
}
