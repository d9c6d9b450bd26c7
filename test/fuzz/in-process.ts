import type { OpenApiDocument } from '../fixtures/openapi.ts'
import { openContextual } from '../fixtures/contextual-gateway.ts'
import { labels } from '../fixtures/fake-endpoint.ts'
import type { FuzzTarget } from './run-fuzz.ts'

const policy = `{ name: lin-ucb }`
const endpoint = `{ arms: { first: { model: m }, second: { model: m } }, policy: ${policy}, context: { features: { country: { type: category, values: [DE, AT] }, isNew: { type: boolean } } } }`

/** The gateway in this process on a store in memory; only its models are not there, and answer the same always. */
export async function openInProcess(seed: number): Promise<FuzzTarget> {
  let state = seed >>> 0
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const { gateway, arms, close } = await openContextual(endpoint, { random })
  for (const arm of arms.values())
    arm.behaviour = ([input]) => labels(Array<number>(input!.shape[0]!).fill(7))
  const { app, log, registry } = gateway
  const document = (await (await app.request('/openapi.json')).json()) as OpenApiDocument
  return {
    document,
    known: { endpoints: ['shop'], arms: ['first', 'second'], input: { name: 'pixels', width: 4 } },
    async send({ method, address, headers, body }) {
      const init = { method, headers, ...(body !== undefined && { body: new Uint8Array(body) }) }
      const response = await app.request(address, init)
      return { status: response.status, headers: response.headers, text: await response.text() }
    },
    faults: () => log.filter(({ level }) => Number(level) >= 50).map((line) => JSON.stringify(line)),
    forgetLog: () => void log.splice(0),
    metrics: () => registry.metrics(),
    close,
  }
}
