import { expect, test } from 'vitest'
import { networkOf } from '../../../../gateway/security/outbound/addresses.ts'
import { createMistakes } from '../../../../gateway/security/limits/mistakes.ts'

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2::3', '2001:db8:1:2'],
  ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['', ''],
])('%j counts as %j', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('addresses of IPv4 are told apart, however they are written', () => {
  expect(networkOf('::ffff:10.0.0.1')).not.toBe(networkOf('::ffff:10.0.0.2'))
})

test('who has a network of IPv6 has no more verdicts for it', () => {
  const { badKey, forgedId } = createMistakes(() => 0)
  for (let host = 1; host <= 20; host++) {
    expect(badKey(`2001:db8:1:2::${host}`)).toBeUndefined()
    expect(forgedId(undefined, `2001:db8:1:2::${host}`)).toBeUndefined()
  }
  expect(badKey('2001:db8:1:2::ffff')?.code).toBe('rate_limited')
  expect(forgedId(undefined, '2001:db8:1:2::ffff')?.code).toBe('rate_limited')
  expect(badKey('2001:db8:1:3::1')).toBeUndefined()
})
