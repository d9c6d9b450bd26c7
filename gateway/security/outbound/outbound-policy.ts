import { isIP } from 'node:net'
import { kindOfAddress } from './addresses.ts'
import { createAllowList } from './allow-list.ts'

/** Whom the gateway may call. */
export interface OutboundPolicy {
  /** Hosts and networks; absent = whoever the configuration names. */
  readonly allow?: readonly string[] | undefined
}

/** Says no with a reason and how to mend it; undefined is yes. */
export interface OutboundJudge {
  /** Before anything is looked up. */
  ofUrl(url: Pick<URL, 'hostname' | 'protocol' | 'port'>): string | undefined
  /** Once it is known where the host leads. */
  ofAddress(target: Pick<URL, 'hostname' | 'protocol' | 'port'>, address: string): string | undefined
}

/**
 * Addresses where clouds keep credentials are nobody's. With a list, a host is called when it is named there and leads
 * to a public address, or when it leads into a network of the list, named or not: whoever owns a name that is listed
 * can point it anywhere, and must not thereby reach what stands behind the gateway.
 */
export function createOutboundJudge({ allow }: OutboundPolicy): OutboundJudge {
  const list = allow && createAllowList(allow)

  function ofAddress(target: Parameters<OutboundJudge['ofAddress']>[0], address: string): string | undefined {
    const host = bare(target.hostname)
    const leads = host === address ? host : `${host} leads to ${address}, which`
    const kind = kindOfAddress(address)
    if (kind === 'never')
      return host === address ? `${host} is an address that nobody may call` : `${leads} nobody may call`
    if (list === undefined || list.holds(address)) return undefined
    const isNamed = list.names(host, target.protocol, target.port)
    if (!isNamed) return `${leads} is not on the list: add it or its network to outbound.allow`
    if (kind === 'public' || host === address) return undefined
    return `${leads} is private: add it or its network to outbound.allow, beside the name`
  }

  return {
    ofAddress,
    ofUrl(url) {
      const host = bare(url.hostname)
      if (isIP(host) !== 0) return ofAddress(url, host)
      if (list === undefined || list.hasRanges || list.names(host, url.protocol, url.port)) return undefined
      return `${host} is not on the list: add it to outbound.allow`
    },
  }
}

/** IPv6 stands in brackets in a URL. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}
