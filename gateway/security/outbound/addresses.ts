import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

const inside = new BlockList()
inside.addSubnet('10.0.0.0', 8, 'ipv4')
inside.addSubnet('172.16.0.0', 12, 'ipv4')
inside.addSubnet('192.168.0.0', 16, 'ipv4')
inside.addSubnet('100.64.0.0', 10, 'ipv4')
inside.addSubnet('fc00::', 7, 'ipv6')

/** Where no service lives, or that of a cloud which gives credentials to whoever asks from this machine. */
const never = new BlockList()
never.addSubnet('0.0.0.0', 8, 'ipv4')
never.addSubnet('169.254.0.0', 16, 'ipv4')
never.addSubnet('224.0.0.0', 3, 'ipv4')
never.addAddress('::', 'ipv6')
never.addSubnet('fe80::', 10, 'ipv6')
never.addSubnet('ff00::', 8, 'ipv6')
never.addSubnet('192.0.0.0', 24, 'ipv4')
// Metadata and configuration of AWS, Google Cloud, Alibaba Cloud and Azure.
never.addAddress('fd00:ec2::254', 'ipv6')
never.addAddress('fd20:ce::254', 'ipv6')
never.addAddress('100.100.100.200', 'ipv4')
never.addAddress('168.63.129.16', 'ipv4')

/** Networks of IPv6 whose addresses stand for those of IPv4, and the group in which these begin. */
const translated = [
  { prefix: '64:ff9b::', bits: 96, at: 6 },
  { prefix: '64:ff9b:1::', bits: 48, at: 6 },
  { prefix: '2002::', bits: 16, at: 1 },
  { prefix: '::', bits: 96, at: 6 },
].map(({ prefix, bits, at }) => {
  const network = new BlockList()
  network.addSubnet(prefix, bits, 'ipv6')
  return { network, at }
})

/** `never` is not to be called by anybody; `private` is this machine or its network. */
export type AddressKind = 'public' | 'private' | 'never'

/** @param address IPv4 or IPv6, also IPv4 within IPv6 */
export function kindOfAddress(address: string): AddressKind {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  const within = family === 'ipv6' ? translatedIn(address) : undefined
  if (within !== undefined) return kindOfAddress(within)
  if (never.check(address, family)) return 'never'
  return loopback.check(address, family) || inside.check(address, family) ? 'private' : 'public'
}

/** The address of IPv4 that whoever translates would connect to; undefined where there is none. */
function translatedIn(address: string): string | undefined {
  const at = translated.find(({ network }) => network.check(address, 'ipv6'))?.at
  if (at === undefined || address === '::' || address === '::1') return undefined
  const groups = groupsOf(address)
  return [groups[at]!, groups[at + 1]!].flatMap((group) => [group >> 8, group & 255]).join('.')
}

/** The eight groups of an address of IPv6. */
function groupsOf(address: string): number[] {
  // A URL writes it in hex digits, whatever it was written in, and knows no zones.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, '')}]`)
  const [head, tail] = hostname.slice(1, -1).split('::') as [string, string?]
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: 8 - first!.length - last!.length }, () => '0')
  return [...first!, ...zeros, ...last!].map((group) => parseInt(group, 16))
}

/**
 * Whoever has an address of IPv6 has at least 2^64 of them, which count as one: a way to count callers by where they
 * come from.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const groups = groupsOf(address)
  // Addresses of IPv4 that a listener for both sees so.
  const isMapped = groups.slice(0, 6).join() === '0,0,0,0,0,65535'
  return (isMapped ? groups : groups.slice(0, 4)).map((group) => group.toString(16)).join(':')
}

/** @param host name or address */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  const version = isIP(host)
  return version !== 0 && loopback.check(host, version === 6 ? 'ipv6' : 'ipv4')
}
