import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { waitUntil } from '../../support/wait-until.ts'
import type { Bench } from '../bench/bench.ts'
import { digits, imageBody, predictPath } from '../bench/digits.ts'
import { demand, type Scenario } from '../bench/scenario.ts'
import { armsOf } from '../bench/views.ts'
import { exchangeRaw } from './raw.ts'
import { slow } from './slow.ts'

/** A name, the bytes, and the statuses that may come of them, each by itself on a connection that is then closed. */
type Case = readonly [name: string, bytes: string, expected: readonly number[]]

const post = (headers: readonly string[], body: string): string =>
  [
    `POST ${predictPath} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    ...headers,
    '',
    body,
  ].join('\r\n')

/** Each case must be answered once, with a status that is expected, and its connection closed where that matters. */
async function tryAll(
  bench: Bench,
  origin: string,
  cases: readonly Case[],
  mustClose: boolean,
): Promise<string> {
  const seen: string[] = []
  const faults: string[] = []
  for (const [name, bytes, expected] of cases) {
    const { statuses, closed } = await exchangeRaw(bench, origin, bytes, mustClose ? 3000 : 500)
    const words = `${name} ${statuses.join(' then ') || 'nothing'}${mustClose && !closed ? ', left open' : ''}`
    seen.push(words)
    if (statuses.length !== 1 || !expected.includes(statuses[0]!) || (mustClose && !closed))
      faults.push(words)
  }
  demand(faults.length === 0, faults.join('; '))
  return seen.join('; ')
}

const small = (bench: Bench) =>
  bench.sharedGateway('one model', () => ({ config: digits({ models: ['logistic'] }) }))

const size: Scenario = {
  id: 'B5',
  does: 'sends a body of one byte too many by its length and in chunks, a length that lies, and both lengths',
  expects: '413, 413, 400, 400, and the connection closed',
  async run(bench) {
    const { origin } = await small(bench)
    const over = ' '.repeat(1024 * 1024 + 1)
    const chunked = ['Transfer-Encoding: chunked']
    const chunk = `${over.length.toString(16)}\r\n${over}\r\n0\r\n\r\n`
    return tryAll(
      bench,
      origin,
      [
        ['by length', post([`Content-Length: ${over.length}`], over), [413]],
        ['in chunks', post(chunked, chunk), [413]],
        ['a length that is no number', post(['Content-Length: 10x'], '0123456789'), [400]],
        ['both lengths', post(['Content-Length: 5', ...chunked], '0\r\n\r\n'), [400]],
      ],
      true,
    )
  },
}

const bombs: Scenario = {
  id: 'B6',
  alone: true,
  does: 'sends 100 MB of blanks compressed with gzip and with brotli',
  expects: '415 each, without being read',
  async run(bench) {
    const gateway = await small(bench)
    const blanks = Buffer.alloc(100 * 2 ** 20, 0x20)
    const bombs = {
      gzip: gzipSync(blanks),
      br: brotliCompressSync(blanks, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
    }
    const seen: string[] = []
    for (const [encoding, body] of Object.entries(bombs)) {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
      const { status, ms } = await gateway.call(predictPath, { method: 'POST', headers, body })
      seen.push(`${encoding} of ${body.length} bytes: ${status} in ${ms.toFixed(1)} ms`)
      demand(status === 415, seen.join(', '))
    }
    return seen.join(', ')
  },
}

const heads: Scenario = {
  id: 'B7',
  does: 'sends a header of 9 KiB, 100 headers, a path of 9 KiB, TRACE, and paths that are no UTF-8 or hold NUL',
  expects: '431, 431, 414 or 431, 405, 400, 400',
  async run(bench) {
    const { origin } = await small(bench)
    const get = (path: string, headers: readonly string[] = []): string =>
      [`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n')
    const many = Array.from({ length: 100 }, (_, index) => `X-${index}: 1`)
    return tryAll(
      bench,
      origin,
      [
        ['9 KiB header', get('/livez', [`X-Long: ${'a'.repeat(9 * 1024)}`]), [431]],
        ['100 headers', get('/livez', many), [431]],
        ['9 KiB path', get(`/${'a'.repeat(9 * 1024)}`), [414, 431]],
        ['TRACE', get('/livez').replace('GET', 'TRACE'), [405]],
        ['no UTF-8', get('/endpoints/%ff%fe'), [400]],
        ['NUL', get('/endpoints/a%00b'), [400]],
      ],
      false,
    )
  },
}

const smuggling: Scenario = {
  id: 'B8',
  does: 'sends what an attacker would smuggle a second request with',
  expects: '400 and closed, never two answers',
  async run(bench) {
    const { origin } = await small(bench)
    const second = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const chunked = 'Transfer-Encoding: chunked'
    return tryAll(
      bench,
      origin,
      [
        ['CL.TE', post(['Content-Length: 4', chunked], `0\r\n\r\n${second}`), [400]],
        ['TE.CL', post([chunked, 'Content-Length: 4'], `5c\r\n${second}\r\n0\r\n\r\n`), [400]],
        ['two lengths', post(['Content-Length: 0', 'Content-Length: 44'], second), [400]],
        [
          'TE hidden',
          post([`Transfer-Encoding: xchunked`, 'Content-Length: 4'], `0\r\n\r\n${second}`),
          [400],
        ],
        ['bare LF', `GET /livez HTTP/1.1\nHost: localhost\n\n${second}`, [400]],
        [
          'folded',
          `GET /livez HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n Transfer-Encoding: chunked\r\n\r\n${second}`,
          [400],
        ],
        [
          'blank before colon',
          `GET /livez HTTP/1.1\r\nHost: localhost\r\n${chunked.replace(':', ' :')}\r\n\r\n${second}`,
          [400],
        ],
      ],
      true,
    )
  },
}

const hangUp: Scenario = {
  id: 'B9',
  does: '50 clients hang up 10 ms after asking, while the worker is stopped',
  expects:
    'no pull and no fault is counted for them; nothing is in flight long before the deadline of 10 s; the arm is asked as before',
  async run(bench) {
    const endpoint = { deadline: '10s' }
    const gateway = await bench.gateway({ config: digits({ models: ['logistic'], endpoint }) })
    const { origin } = gateway
    demand((await gateway.post(predictPath, imageBody(0))).status === 200, 'it does not answer')
    const worker = gateway.process.workerOf('logistic')!
    process.kill(worker, 'SIGSTOP')
    const body = JSON.stringify(imageBody(1))
    const ask = post([`Content-Length: ${body.length}`], body)
    await Promise.all(Array.from({ length: 50 }, () => exchangeRaw(bench, origin, ask, 10)))
    const goneAt = performance.now()
    const inFlight = () => gateway.metric('bandit_requests_in_flight')
    // The one that asks is in flight itself.
    await waitUntil(async () => (await inFlight()) === 1, { what: 'nothing is in flight', intervalMs: 5 })
    const freeMs = performance.now() - goneAt
    process.kill(worker, 'SIGCONT')
    const after = await waitUntil(
      async () => {
        const reply = await gateway.post(predictPath, imageBody(2))
        return reply.status === 200 && reply
      },
      { what: 'it answers again' },
    )
    const faults = await gateway.metric(
      'bandit_arm_failures_total{endpoint="digits",arm="logistic",fault="timeout"}',
    )
    await waitUntil(async () => (await armsOf(gateway)).get('logistic')!.pulls >= 2, {
      what: 'pulls are seen',
    })
    const { pulls } = (await armsOf(gateway)).get('logistic')!
    demand(pulls === 2, `${pulls} pulls of 2 answers`)
    demand(faults === undefined, `${faults} faults of the arm`)
    demand(freeMs <= 2000, `the last was let go after ${Math.round(freeMs)} ms`)
    return `2 pulls for 2 answers, no fault, let go after ${Math.round(freeMs)} ms, then 200 in ${Math.round(after.ms)} ms`
  },
}

export const abuse: readonly Scenario[] = [...slow, size, bombs, heads, smuggling, hangUp]
