/**
 * A receiver of events: checks who sent them and prints them.
 *
 *     HOOK_SECRET=whsec_… node examples/webhooks/receive.ts 9000
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'

const [port = '9000'] = process.argv.slice(2)
const key = Buffer.from((process.env['HOOK_SECRET'] ?? '').replace('whsec_', ''), 'base64')
const toleranceSeconds = 300
/** Ids of the last events: gateways of one store may each tell of the same thing, under one id. */
const known = new Set<unknown>()

createServer((request, response) => {
  void text(request).then((body) => {
    if (!isGenuine(request.headers, body)) return response.writeHead(401).end()
    if (!known.has(request.headers['webhook-id'])) console.log(body)
    known.add(request.headers['webhook-id'])
    return response.writeHead(204).end()
  })
}).listen(Number(port), '127.0.0.1', () => console.log(`waiting for events on port ${port}`))

function isGenuine(headers: IncomingHttpHeaders, body: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': sentAt, 'webhook-signature': signatures } = headers
  if (Math.abs(Date.now() / 1000 - Number(sentAt)) > toleranceSeconds) return false
  const expected = createHmac('sha256', key).update(`${id}.${sentAt}.${body}`).digest()
  return String(signatures)
    .split(' ')
    .map((signature) => Buffer.from(signature.replace(/^v1,/, ''), 'base64'))
    .some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected))
}
