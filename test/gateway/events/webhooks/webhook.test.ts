import { Webhook as Verifier } from 'standardwebhooks'
import { Agent } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { eventLevels, type EventKind, type GatewayEvent } from '../../../../gateway/events/event.ts'
import { maxTries } from '../../../../gateway/events/webhooks/retry.ts'
import { createSender } from '../../../../gateway/events/webhooks/send.ts'
import { parseSecret } from '../../../../gateway/events/webhooks/signature.ts'
import { createWebhook, type DeliveryOutcome } from '../../../../gateway/events/webhooks/webhook.ts'
import { createFakeTimers } from '../../../fixtures/fake-timers.ts'
import { startReceiver } from '../../../fixtures/webhook-receiver.ts'
import { freePort } from '../../../support/free-port.ts'
import { waitUntil } from '../../../support/wait-until.ts'

const secrets = [`whsec_${btoa('a'.repeat(32))}`, `whsec_${btoa('b'.repeat(32))}`] as const
const everyKind = Object.keys(eventLevels) as EventKind[]

const event = (facts: Partial<GatewayEvent> = {}): GatewayEvent => ({
  id: 'evt-1',
  at: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  kind: 'winner_found',
  endpoint: 'digits',
  arm: 'network',
  detail: 'network is best',
  facts: { probability: 0.97 },
  ...facts,
})

interface Options {
  readonly kinds?: readonly EventKind[]
  readonly timeoutMs?: number
  readonly random?: number
  readonly keys?: readonly string[]
}

/** A webhook over real sockets, whose waiting is turned by hand. */
const start = (
  url: string,
  { kinds = everyKind, timeoutMs = 5000, random = 1, keys = secrets }: Options = {},
) => {
  const timers = createFakeTimers()
  const dispatcher = new Agent({ connections: 1 })
  onTestFinished(() => dispatcher.destroy())
  const outcomes: DeliveryOutcome[] = []
  const lines: unknown[] = []
  let queued = 0
  const say = (...line: unknown[]) => void lines.push(line)
  const webhook = createWebhook({
    name: 'hook',
    kinds,
    source: 'https://gateway.example',
    send: createSender({
      url,
      keys: keys.map((key) => parseSecret(key)!),
      headers: { authorization: 'Bearer planted-token' },
      timeoutMs,
      version: '1.2.3',
      dispatcher,
      clock: Date.now,
    }),
    timers,
    random: () => random,
    metrics: {
      settled: (_name, outcome, events = 1) => outcomes.push(...Array<DeliveryOutcome>(events).fill(outcome)),
      queued: (_name, length) => void (queued = length),
    },
    logger: { info: say, warn: say } as never,
  })
  const settled = (count: number) =>
    waitUntil(() => outcomes.length >= count && outcomes, { what: `${count} outcomes` })
  return { webhook, timers, outcomes, settled, queued: () => queued, log: () => JSON.stringify(lines) }
}

test('an event arrives as a CloudEvent with a signature that others can verify, of each secret', async () => {
  const receiver = await startReceiver(() => ({ status: 204 }))
  const { webhook, settled } = start(`${receiver.origin}/hook?tenant=7`)
  webhook.deliver(event())
  expect(await settled(1)).toEqual(['delivered'])
  const [{ path, headers, body }] = receiver.received as [(typeof receiver.received)[0]]
  expect(path).toBe('/hook?tenant=7')
  expect(headers).toMatchObject({
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'bandit-gateway/1.2.3',
    authorization: 'Bearer planted-token',
    'webhook-id': 'evt-1',
  })
  for (const secret of secrets) {
    expect(new Verifier(secret).verify(body, headers as Record<string, string>)).toEqual({
      specversion: '1.0',
      id: 'evt-1',
      source: 'https://gateway.example',
      type: 'bandit.winner_found',
      subject: 'digits/network',
      time: '2026-01-02T03:04:05.678Z',
      datacontenttype: 'application/json',
      data: {
        kind: 'winner_found',
        level: 'good',
        endpoint: 'digits',
        arm: 'network',
        detail: 'network is best',
        facts: { probability: 0.97 },
      },
    })
  }
  const forged = () => new Verifier(secrets[0]).verify(`${body} `, headers as Record<string, string>)
  expect(forged).toThrow()
  const other = `whsec_${btoa('c'.repeat(32))}`
  expect(() => new Verifier(other).verify(body, headers as Record<string, string>)).toThrow()
})

test('only the kinds that were asked for are sent', async () => {
  const receiver = await startReceiver(() => ({ status: 200 }))
  const { webhook, settled } = start(receiver.origin, { kinds: ['drift_found'] })
  webhook.deliver(event({ id: 'a' }))
  webhook.deliver(event({ id: 'b', kind: 'drift_found' }))
  await settled(1)
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(['b'])
})

test('a receiver that fails is asked again, later each time and not before it wants, under the same id', async () => {
  const receiver = await startReceiver((_got, count) => {
    if (count === 1) return { status: 503, headers: { 'retry-after': '25' } }
    return count === 2 ? { status: 429 } : { status: 200 }
  })
  const { webhook, timers, settled, outcomes, queued, log } = start(receiver.origin)
  webhook.deliver(event())
  await settled(1)
  expect([outcomes, queued()]).toEqual([['retried'], 1])
  timers.advance(24_999)
  expect(timers.waiting()).toBe(1)
  timers.advance(1)
  await settled(2)
  timers.advance(30_000)
  expect(await settled(3)).toEqual(['retried', 'retried', 'delivered'])
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['evt-1']))
  expect(queued()).toBe(0)
  expect(log()).toContain('status 503')
  expect(log()).not.toContain(receiver.origin)
})

test('an event that does not arrive holds no other up', async () => {
  const receiver = await startReceiver(({ headers }) => ({
    status: headers['webhook-id'] === 'a' ? 500 : 200,
  }))
  const { webhook, settled } = start(receiver.origin)
  webhook.deliver(event({ id: 'a' }))
  webhook.deliver(event({ id: 'b' }))
  expect(await settled(2)).toEqual(['retried', 'delivered'])
})

test('after eight tries over less than two hours it is given up', async () => {
  const { webhook, timers, settled, log } = start(`http://127.0.0.1:${await freePort()}/planted-token`)
  webhook.deliver(event())
  for (let tries = 1; tries < maxTries; tries++) {
    await settled(tries)
    timers.advance(2_400_000)
  }
  expect(await settled(8)).toEqual([...Array<string>(7).fill('retried'), 'given_up'])
  expect(timers.waiting()).toBe(0)
  expect(log()).toContain('ECONNREFUSED')
  expect(log()).not.toContain('planted-token')
})

test.each([400, 401, 404, 422, 302])('status %i is final, and leads nowhere else', async (status) => {
  const receiver = await startReceiver(() => ({ status, headers: { location: '/elsewhere' } }))
  const { webhook, settled, timers } = start(`${receiver.origin}/hook`)
  webhook.deliver(event())
  expect(await settled(1)).toEqual(['refused'])
  expect([receiver.received.map(({ path }) => path), timers.waiting()]).toEqual([['/hook'], 0])
})

test('a receiver that is gone gets nothing more', async () => {
  const receiver = await startReceiver(() => ({ status: 410 }))
  const { webhook, settled } = start(receiver.origin)
  webhook.deliver(event({ id: 'a' }))
  webhook.deliver(event({ id: 'b' }))
  expect(await settled(2)).toEqual(['gone', 'gone'])
  webhook.deliver(event({ id: 'c' }))
  await webhook.close()
  expect(receiver.received).toHaveLength(1)
})

test('a receiver that is slow is not waited for longer than its timeout', async () => {
  const receiver = await startReceiver((_got, count) => (count === 1 ? 'silence' : { status: 200 }))
  const { webhook, timers, settled, log } = start(receiver.origin, { timeoutMs: 100 })
  webhook.deliver(event())
  await settled(1)
  expect(log()).toContain('TimeoutError')
  timers.advance(10_000)
  expect(await settled(2)).toEqual(['retried', 'delivered'])
})

test('of more events than can wait the oldest are dropped, and counted', async () => {
  const receiver = await startReceiver(() => 'silence')
  const { webhook, outcomes, queued } = start(receiver.origin)
  for (let id = 0; id < 300; id++) webhook.deliver(event({ id: `${id}` }))
  // One is on its way, and 256 wait.
  expect([outcomes.length, new Set(outcomes), queued()]).toEqual([43, new Set(['dropped']), 256])
})

test('on stop what waits is tried once more', async () => {
  let isUp = false
  const receiver = await startReceiver(() => ({ status: isUp ? 200 : 503 }))
  const { webhook, settled, outcomes, timers } = start(receiver.origin)
  webhook.deliver(event({ id: 'a' }))
  webhook.deliver(event({ id: 'b' }))
  await settled(2)
  isUp = true
  await webhook.close()
  expect(outcomes.slice(2)).toEqual(['delivered', 'delivered'])
  expect(timers.waiting()).toBe(0)
  webhook.deliver(event({ id: 'c' }))
  expect(receiver.received).toHaveLength(4)
})

test('on stop a receiver that is down costs no time, one that is silent five seconds', async () => {
  const down = start(`http://127.0.0.1:${await freePort()}`)
  down.webhook.deliver(event())
  await down.settled(1)
  await down.webhook.close()
  expect(down.outcomes).toEqual(['retried', 'abandoned'])

  const silent = await startReceiver(() => 'silence')
  const { webhook, timers, outcomes } = start(silent.origin, { timeoutMs: 30_000 })
  webhook.deliver(event({ id: 'a' }))
  webhook.deliver(event({ id: 'b' }))
  const closed = webhook.close()
  timers.advance(5000)
  await closed
  expect(outcomes).toEqual(['abandoned', 'abandoned'])
})
