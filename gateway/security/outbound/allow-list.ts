import { BlockList, isIP } from 'node:net'
import { kindOfAddress } from './addresses.ts'

/** Whom the gateway may call: hosts by name, and where names may lead. */
export interface AllowList {
  /** Whether the host of the address, a name or an address itself, is listed. */
  names(host: string, protocol: string, port: string): boolean
  /** Whether the address is within what is listed. */
  holds(address: string): boolean
  /** Whether there are ranges: a name that is not listed may then lead into one. */
  readonly hasRanges: boolean
}

interface Named {
  /** In lower case; `*.` at its beginning is every host within. */
  readonly host: string
  readonly port: string | undefined
}

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/** @param entries of which none has a fault by `faultOfEntry` */
export function createAllowList(entries: readonly string[]): AllowList {
  const named: Named[] = []
  const ranges = new BlockList()
  for (const entry of entries) {
    const range = toRange(entry)
    if (range === undefined) named.push(toNamed(entry)!)
    else ranges.addSubnet(range.address, range.prefix, familyOf(range.address))
  }
  return {
    hasRanges: ranges.rules.length > 0,
    names(host, protocol, port) {
      const asked = host.toLowerCase()
      const at = port || defaultPorts[protocol]
      return named.some((entry) => (entry.port ?? at) === at && isWithin(entry.host, asked))
    },
    holds: (address) => ranges.check(address, familyOf(address)),
  }
}

/** What is wrong with an entry and how to mend it; undefined where nothing is. */
export function faultOfEntry(entry: string): string | undefined {
  const range = toRange(entry)
  if (range === undefined) return toNamed(entry) === undefined ? expected : undefined
  // The whole of IPv4 begins at an address that nobody may call, and has others.
  if (range.prefix < 8 || kindOfAddress(range.address) !== 'never') return undefined
  return 'nobody may call these addresses, which are link-local, reserved or of a metadata service: take them out'
}

const expected =
  'expected a host such as triton, triton:8000 or *.models.example, an address, or a network such as 10.0.0.0/8'

function toRange(entry: string): { address: string; prefix: number } | undefined {
  const [address = '', prefix, ...rest] = entry.split('/')
  const longest = { 4: 32, 6: 128 }[isIP(address)]
  if (longest === undefined || rest.length > 0) return undefined
  if (prefix === undefined) return { address, prefix: longest }
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest
    ? { address, prefix: Number(prefix) }
    : undefined
}

function toNamed(entry: string): Named | undefined {
  const [, bracketed, plain, port] =
    /^(?:\[([0-9a-f:.]+)\]|((?:\*\.)?[a-z0-9_.-]+))(?::(\d{1,5}))?$/i.exec(entry) ?? []
  const host = (bracketed ?? plain)?.toLowerCase()
  return host === undefined ? undefined : { host, port }
}

function isWithin(entry: string, host: string): boolean {
  return entry.startsWith('*.') ? host.endsWith(entry.slice(1)) : host === entry
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
