import { once } from 'node:events'
import { connect } from 'node:net'
import { digits, imageBody, predictPath } from '../bench/digits.ts'
import { greetings } from '../bench/greetings.ts'
import { countBy } from '../bench/load.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { demand, type Scenario } from '../bench/scenario.ts'

const connections = 3000
const most = 2048

const crowd: Scenario = {
  id: 'B4',
  byHand: true,
  does: `opens ${connections} connections`,
  expects: `those beyond ${most} are closed; who was there before is answered as before; room again when they are gone`,
  async run(bench) {
    const gateway = await bench.gateway({ config: digits({ models: ['logistic'] }) })
    const { hostname, port } = new URL(gateway.origin)
    const ask = async () => (await gateway.post(predictPath, imageBody(0))).status
    demand((await ask()) === 200, 'it does not answer')
    const sockets = await Promise.all(
      Array.from({ length: connections }, async () => {
        const socket = connect(Number(port), hostname)
        socket.on('error', () => undefined)
        bench.atEnd(() => socket.destroy())
        await once(socket, 'connect')
        return socket.resume()
      }),
    )
    const openNow = () =>
      sockets.filter(({ destroyed, readableEnded }) => !destroyed && !readableEnded).length
    await waitUntil(() => openNow() <= most, {
      what: `no more than ${most} of ${connections} are open`,
      timeoutMs: 10_000,
    })
    // None of those that are left is closed.
    await new Promise((resolve) => setTimeout(resolve, 500))
    const open = openNow()
    const during = await ask()
    demand(during === 200, `who was there before was answered ${during}`)
    demand(open >= most - 20, `${open} of ${connections} are open`)
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 200))
    const { status } = await fetch(`${gateway.origin}/livez`)
    demand(status === 200, `a new connection was answered ${status} afterwards`)
    return `${open} of ${connections} stay open, the one from before is answered 200, new ones afterwards too`
  },
}

const words = 5000

const labels: Scenario = {
  id: 'B11',
  byHand: true,
  shownBy: 'test/gateway/telemetry/metrics/metrics.test.ts',
  does: `sends ${words} different words as path, endpoint, arm, key, method and User-Agent`,
  expects: 'as many series in /metrics as before',
  async run(bench) {
    const gateway = await bench.gateway({ config: greetings({ arms: ['one', 'two'] }) })
    const json = { 'content-type': 'application/json' }
    const kinds = [
      (word: string) => gateway.call(`/${word}`),
      (word: string) => gateway.post(`/decide/${word}`, {}),
      (word: string) => gateway.post('/decide/greeting', { key: word }),
      (word: string) => gateway.call('/livez', { headers: { 'user-agent': word, 'x-request-id': word } }),
      (word: string) =>
        gateway.call(`/endpoints/greeting/arms/${word}`, { method: 'PUT', headers: json, body: '{}' }),
      (word: string) => gateway.post('/feedback', { prediction_id: word, reward: 1 }),
    ]

    const series = async () =>
      (await gateway.call('/metrics')).text
        .split('\n')
        .filter((line) => /^bandit_(?!nodejs|process|store)/.test(line))
        .map((line) => line.slice(0, line.lastIndexOf(' ')))
    // Both arms are drawn, and all that there is to count has been counted.
    for (let time = 0; time < 20; time++) for (const send of kinds) await send(`first${time}`)
    // What it counts of itself appears with the first look.
    await series()
    const before = await series()
    for (let from = 0; from < words; from += 10)
      await Promise.all(
        Array.from({ length: 10 }, (_, index) => kinds[index % kinds.length]!(`word${from + index}`)),
      )
    const after = await series()
    const more = after.filter((each) => !before.includes(each))
    demand(more.length === 0, `${before.length} series before, then ${more.join(', ')} as well`)
    return `${before.length} series before and after ${words} words`
  },
}

const planted = ['sk-planted-key-0123456789', '0.123454321']

const lines: Scenario = {
  id: 'B12',
  byHand: true,
  shownBy: 'test/gateway/telemetry/logger.test.ts',
  does: 'sends line ends, terminal codes and long words in ids, headers and paths, with the log at debug',
  expects: 'one line of JSON each, no field beyond 257 characters, no key and no input in any',
  async run(bench) {
    const config = digits({ models: ['logistic'] })
    const gateway = await bench.gateway({ config, args: ['--log-level=debug'] })
    const before = gateway.process.log().length
    const nasty = `\r\n{"level":"fatal"}\u001b[31m${'x'.repeat(100_000)}`
    const { inputs } = imageBody(0) as { readonly inputs: { readonly pixels: number[][] } }
    inputs.pixels[0]![0] = Number(planted[1])
    const replies = [
      await gateway.post(predictPath, { inputs, id: nasty }),
      await gateway.post(predictPath, { inputs, key: nasty.slice(0, 200) }),
      await gateway.post('/feedback', { prediction_id: nasty.slice(0, 50_000), reward: 1 }),
      await gateway.post('/feedback', { prediction_id: 'a', event_id: nasty.slice(0, 50_000), reward: 1 }),
      await gateway.call(`/${encodeURIComponent(nasty.slice(0, 2000))}`),
      await gateway.call('/livez', {
        headers: { 'x-request-id': 'y'.repeat(6000), authorization: `Bearer ${planted[0]}` },
      }),
    ]
    const written = gateway.process.log().slice(before)
    demand(written.length >= replies.length, `${written.length} lines for ${replies.length} requests`)
    const long = written.flatMap((line) => textsOf(line)).filter((text) => text.length > 257)
    demand(long.length === 0, `a field of ${long[0]?.length} characters: ${long[0]?.slice(0, 100)}`)
    const told = planted.filter((secret) => JSON.stringify(written).includes(secret))
    demand(told.length === 0, `the log tells ${told.join(', ')}`)
    demand(!written.some(({ level }) => level === 'fatal'), 'a line was made up')
    const statuses = countBy(replies, ({ status }) => status)
    return `${statuses}; ${written.length} lines, the longest field ${Math.max(...written.flatMap((line) => textsOf(line)).map((text) => text.length))} characters`
  },
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}

export const crowds: readonly Scenario[] = [crowd, labels, lines]
