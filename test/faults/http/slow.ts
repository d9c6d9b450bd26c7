import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchGateway } from '../bench/bench.ts'
import { digits, imageBody, predictPath } from '../bench/digits.ts'
import { countBy } from '../bench/load.ts'
import { demand, type Scenario } from '../bench/scenario.ts'
import { openRaw, type Raw } from './raw.ts'

const sockets = 300
const dribbleEveryMs = 250

/** Sends a byte now and then on all of them until all are closed, and asks for life meanwhile. */
async function dribble(gateway: BenchGateway, raws: readonly Raw[], withinMs: number) {
  const feeding = setInterval(() => {
    for (const { socket } of raws) if (socket.writable) socket.write('a')
  }, dribbleEveryMs)
  const livez: number[] = []
  const looking = setInterval(() => {
    void gateway.call('/livez').then(
      ({ ms }) => livez.push(ms),
      () => undefined,
    )
  }, 100)
  try {
    const times = await Promise.all(raws.map((raw) => raw.ended(withinMs)))
    return { times, livez: livez.sort((a, b) => a - b) }
  } finally {
    clearInterval(feeding)
    clearInterval(looking)
  }
}

function judge(
  raws: readonly Raw[],
  { times, livez }: Awaited<ReturnType<typeof dribble>>,
  allowed: readonly string[],
): string {
  const statuses = countBy(raws, statusOf)
  demand(
    raws.every((raw) => allowed.includes(statusOf(raw))),
    `answers: ${statuses}`,
  )
  const median = livez[livez.length >> 1] ?? NaN
  const p95 = livez[Math.floor(livez.length * 0.95)] ?? NaN
  demand(median <= 25 && p95 <= 250, `/livez took ${median.toFixed(1)}, for 95 % ${p95.toFixed(1)} ms`)
  return `${statuses}, closed after ${(Math.min(...times) / 1000).toFixed(1)} to ${(Math.max(...times) / 1000).toFixed(1)} s; /livez ${median.toFixed(1)}, for 95 % ${p95.toFixed(1)} ms`
}

const statusOf = (raw: Raw): string => raw.received().slice(9, 12)

const headers: Scenario = {
  id: 'B1',
  waits: true,
  does: `${sockets} connections dribble headers`,
  expects: '408 and closed by 7 s; /livez within 25 ms (half of the looks; 95 % within 250)',
  async run(bench) {
    const gateway = await bench.gateway({ config: digits({ models: ['logistic'] }) })
    const raws = Array.from({ length: sockets }, () => openRaw(bench, gateway.origin))
    for (const raw of raws) raw.write('GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    return judge(raws, await dribble(gateway, raws, 7000), ['408'])
  },
}

/** Predictions one after the other, from half a second on. */
async function ask(gateway: BenchGateway, count: number): Promise<string> {
  await sleep(500)
  const statuses: number[] = []
  for (let asked = 0; asked < count; asked++) {
    statuses.push((await gateway.post(predictPath, imageBody(asked))).status)
    await sleep(100)
  }
  return countBy(statuses, (status) => status)
}

const bodies: Scenario = {
  id: 'B2',
  waits: true,
  does: `${sockets} connections dribble bodies`,
  expects:
    '408, or 503 where they found no place, and closed by 12 s; predictions are answered meanwhile; at most one line in the log a second',
  byHand: true,
  async run(bench) {
    const gateway = await bench.gateway({ config: digits({ models: ['logistic'] }) })
    const lines = gateway.process.log().length
    const raws = Array.from({ length: sockets }, () => openRaw(bench, gateway.origin))
    const head = `POST ${predictPath} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n`
    for (const raw of raws) raw.write(head)
    const asked = ask(gateway, 20)
    const seen = judge(raws, await dribble(gateway, raws, 13_000), ['408', '503'])
    const answers = await asked
    demand(answers === '20 × 200', `predictions meanwhile: ${answers}`)
    const written = gateway.process.log().length - lines
    demand(written <= 13, `${written} lines in the log`)
    return `${seen}; predictions meanwhile ${answers}; ${written} lines in the log`
  },
}

export const slow: readonly Scenario[] = [headers, bodies]
