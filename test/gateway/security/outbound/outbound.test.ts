import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { kindOfAddress } from '../../../../gateway/security/outbound/addresses.ts'
import { OutboundRefused } from '../../../../gateway/security/outbound/guarded-lookup.ts'
import { createOutbound, type OutboundDeps } from '../../../../gateway/security/outbound/outbound.ts'

function open(allow?: readonly string[], lookup?: OutboundDeps['lookup']) {
  const outbound = createOutbound({ policy: { allow }, ...(lookup && { lookup }) })
  onTestFinished(() => outbound.close())
  return outbound
}

const leadsTo =
  (...addresses: readonly string[]): OutboundDeps['lookup'] =>
  (_host, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

test.each([
  ['93.184.216.34', 'public'],
  ['2606:2800:220:1::1', 'public'],
  ['127.0.0.1', 'private'],
  ['::1', 'private'],
  ['10.1.2.3', 'private'],
  ['172.31.0.1', 'private'],
  ['192.168.0.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fd12::1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['169.254.169.254', 'never'],
  ['::ffff:169.254.169.254', 'never'],
  ['fd00:ec2::254', 'never'],
  ['fd20:ce::254', 'never'],
  ['168.63.129.16', 'never'],
  ['64:ff9b::169.254.169.254', 'never'],
  ['64:ff9b::a9fe:a9fe', 'never'],
  ['64:ff9b:1::a9fe:a9fe', 'never'],
  ['2002:a9fe:a9fe::1', 'never'],
  ['::169.254.169.254', 'never'],
  ['64:ff9b::10.0.0.1', 'private'],
  ['2002:7f00:1::', 'private'],
  ['64:ff9b::93.184.216.34', 'public'],
  ['2002:5db8:d822::1', 'public'],
  ['fe80::1', 'never'],
  ['0.0.0.0', 'never'],
  ['::', 'never'],
  ['224.0.0.1', 'never'],
  ['255.255.255.255', 'never'],
])('%s is %s', (address, kind) => {
  expect(kindOfAddress(address)).toBe(kind)
})

test.each([
  ['triton', 'http://triton:8000/v2'],
  ['triton:8000', 'http://triton:8000'],
  ['triton:80', 'http://triton'],
  ['TRITON:443', 'https://Triton/'],
  ['*.models.test', 'https://a.b.models.test'],
  ['10.0.0.7:8000', 'http://10.0.0.7:8000'],
  ['10.0.0.7', 'http://10.0.0.7:8000'],
  ['10.0.0.0/8', 'http://10.0.0.7:8000'],
  ['10.0.0.0/8', 'http://a.name.that/may-lead-there'],
  ['[fd12::1]:8000', 'http://[fd12::1]:8000'],
  ['fd12::1', 'http://[fd12::1]:8000'],
  ['fd12::/16', 'http://[fd12::1]:8000'],
  [undefined, 'http://10.0.0.7'],
])('%s lets %s through', (entry, url) => {
  const outbound = open(entry === undefined ? undefined : [entry])
  expect(() => outbound.check(new URL(url))).not.toThrow()
})

test.each([
  ['triton:8000', 'http://triton:8001', 'add it to outbound.allow'],
  ['triton', 'http://triton.evil.test', 'not on the list'],
  ['*.models.test', 'http://models.test', 'not on the list'],
  ['*.models.test', 'http://evilmodels.test', 'not on the list'],
  ['*.models.test', 'http://a.models.test@evil.test', 'credentials do not belong'],
  ['[fd12::1]:8000', 'http://[fd12::1]:8001', 'not on the list'],
  ['10.0.0.0/8', 'http://11.0.0.1', 'add it or its network to outbound.allow'],
  ['10.0.0.0/8', 'http://[::ffff:11.0.0.1]', 'not on the list'],
  ['0.0.0.0/0', 'http://169.254.169.254/latest/meta-data', 'nobody may call'],
  [undefined, 'http://169.254.169.254/latest/meta-data', 'nobody may call'],
  [undefined, 'http://0xA9FEA9FE/', 'nobody may call'],
  [undefined, 'http://2852039166/', 'nobody may call'],
  [undefined, 'http://[::ffff:169.254.169.254]/', 'nobody may call'],
  [undefined, 'file:///etc/passwd', 'use https: or http:'],
  [undefined, 'gopher://triton/', 'use https: or http:'],
])('%s keeps %s out', (entry, url, reason) => {
  const outbound = open(entry === undefined ? undefined : [entry])
  expect(() => outbound.check(new URL(url))).toThrow(reason)
})

describe('what a name leads to', () => {
  test.each([
    [['a.test'], '127.0.0.1', 'is private: add it or its network to outbound.allow, beside the name'],
    [['a.test', '10.0.0.0/8'], '192.168.0.1', 'is private'],
    [['10.0.0.0/8'], '93.184.216.34', 'is not on the list'],
    [['b.test:80', '10.0.0.0/8'], '93.184.216.34', 'is not on the list'],
    [['a.test', '0.0.0.0/0'], '169.254.169.254', 'nobody may call'],
    [undefined, '169.254.169.254', 'nobody may call'],
    [undefined, '::ffff:169.254.169.254', 'nobody may call'],
  ])('with %j, %s is refused before anything is sent', async (allow, address, reason) => {
    const outbound = open(allow, leadsTo(address))
    await expect(outbound.fetch(new URL('http://a.test'))).rejects.toThrow(reason)
    // Nor for who makes requests of their own.
    await expect(request('http://a.test', { dispatcher: outbound.dispatcher })).rejects.toThrow(reason)
  })

  test.each([[['a.test', '127.0.0.0/8']], [['127.0.0.1']], [undefined]])(
    'with %j it is called',
    async (allow) => {
      const port = await serve((_request, response) => response.end('here'))
      const answer = await open(allow, leadsTo('127.0.0.1')).fetch(new URL(`http://a.test:${port}`))
      expect(await answer.text()).toBe('here')
    },
  )

  test('one bad address among good ones is enough', async () => {
    const outbound = open(['a.test'], leadsTo('93.184.216.34', '10.0.0.1'))
    await expect(outbound.fetch(new URL('http://a.test'))).rejects.toBeInstanceOf(OutboundRefused)
  })

  test('a name that leads elsewhere at the second look', async () => {
    const port = await serve((_request, response) => response.end('secret'))
    let looks = 0
    const outbound = open(['127.0.0.1'], (host, done) =>
      leadsTo(looks++ === 0 ? '127.0.0.1' : '127.0.0.2')!(host, done),
    )
    const url = new URL(`http://a.test:${port}`)
    const first = await outbound.fetch(url, { headers: { connection: 'close' } })
    expect(await first.text()).toBe('secret')
    await expect(outbound.fetch(url)).rejects.toThrow('a.test leads to 127.0.0.2, which is not on the list')
  })

  test('a client that asks for an address itself is held to the list too', async () => {
    const port = await serve((_request, response) => response.end('secret'))
    const { dispatcher } = open(['10.0.0.0/8'])
    await expect(request(`http://127.0.0.1:${port}`, { dispatcher })).rejects.toThrow('not on the list')
  })
})

test('no redirect is followed', async () => {
  const asked: (string | undefined)[] = []
  const port = await serve((request, response) => {
    asked.push(request.url)
    response.writeHead(302, { location: '/inside' }).end()
  })
  const { status } = await open().fetch(new URL(`http://127.0.0.1:${port}/out`))
  expect([status, asked]).toEqual([302, ['/out']])
})
