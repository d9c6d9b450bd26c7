import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { kindOfAddress } from '../../../gateway/security/addresses.ts'
import { createOutbound, OutboundRefused, type OutboundDeps } from '../../../gateway/security/outbound.ts'

function open({ allow = ['*.models.test'], privateAddresses = false }, lookup?: OutboundDeps['lookup']) {
  const outbound = createOutbound({ policy: { allow, privateAddresses }, ...(lookup && { lookup }) })
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
  ['fe80::1', 'never'],
  ['0.0.0.0', 'never'],
  ['::', 'never'],
  ['224.0.0.1', 'never'],
  ['255.255.255.255', 'never'],
])('%s is %s', (address, kind) => {
  expect(kindOfAddress(address)).toBe(kind)
})

describe('who is on the list', () => {
  test.each([
    ['triton', 'http://triton:8000/v2'],
    ['triton:8000', 'http://triton:8000'],
    ['triton:80', 'http://triton'],
    ['TRITON:443', 'https://Triton/'],
    ['*.models.test', 'https://a.b.models.test'],
    ['10.0.0.7:8000', 'http://10.0.0.7:8000'],
    ['[fd12::1]:8000', 'http://[fd12::1]:8000'],
    ['fd12::1', 'http://[fd12::1]:8000'],
  ])('%s lets %s through', (entry, url) => {
    expect(() => open({ allow: [entry], privateAddresses: true }).check(new URL(url))).not.toThrow()
  })

  test.each([
    ['triton:8000', 'http://triton:8001', 'not on the list'],
    ['triton', 'http://triton.evil.test', 'not on the list'],
    ['*.models.test', 'http://models.test', 'not on the list'],
    ['*.models.test', 'http://evilmodels.test', 'not on the list'],
    ['*.models.test', 'http://a.models.test@evil.test', 'credentials do not belong'],
    ['[fd12::1]:8000', 'http://[fd12::1]:8001', 'not on the list'],
    ['169.254.169.254', 'http://169.254.169.254/latest/meta-data', 'nobody may call'],
    ['169.254.169.254', 'http://0xA9FEA9FE/', 'nobody may call'],
    ['169.254.169.254', 'http://2852039166/', 'nobody may call'],
    ['triton', 'file:///etc/passwd', 'use https: or http:'],
    ['triton', 'gopher://triton/', 'use https: or http:'],
  ])('%s keeps %s out', (entry, url, reason) => {
    expect(() => open({ allow: [entry], privateAddresses: true }).check(new URL(url))).toThrow(reason)
  })

  test('an address that is private, where only public ones are called', () => {
    expect(() => open({ allow: ['10.0.0.7'] }).check(new URL('http://10.0.0.7'))).toThrow('which is private')
  })
})

describe('what a name leads to', () => {
  test.each([
    ['127.0.0.1', 'which is private'],
    ['169.254.169.254', 'nobody may call'],
    ['::ffff:169.254.169.254', 'nobody may call'],
  ])('%s is refused before anything is sent', async (address, reason) => {
    const outbound = open({}, leadsTo(address))
    await expect(outbound.fetch(new URL('http://a.models.test'))).rejects.toThrow(reason)
  })

  test('one bad address among good ones is enough', async () => {
    const outbound = open({}, leadsTo('93.184.216.34', '10.0.0.1'))
    await expect(outbound.fetch(new URL('http://a.models.test'))).rejects.toBeInstanceOf(OutboundRefused)
  })

  test('a name that leads elsewhere at the second look', async () => {
    const port = await serve((_request, response) => response.end('secret'))
    let looks = 0
    const outbound = open({ privateAddresses: true }, (host, done) =>
      leadsTo(looks++ === 0 ? '127.0.0.1' : '169.254.169.254')!(host, done),
    )
    const url = new URL(`http://a.models.test:${port}`)
    const first = await outbound.fetch(url, { headers: { connection: 'close' } })
    expect(await first.text()).toBe('secret')
    await expect(outbound.fetch(url)).rejects.toThrow('nobody may call')
  })
})

test('no redirect is followed', async () => {
  const asked: (string | undefined)[] = []
  const port = await serve((request, response) => {
    asked.push(request.url)
    response.writeHead(302, { location: '/inside' }).end()
  })
  const outbound = open({ privateAddresses: true }, leadsTo('127.0.0.1'))
  const { status } = await outbound.fetch(new URL(`http://a.models.test:${port}/out`))
  expect([status, asked]).toEqual([302, ['/out']])
})
