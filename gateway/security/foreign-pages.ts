import { isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'
import type { Config } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import type { RequestMetrics } from '../telemetry/metrics/metrics.ts'

/** Whom a browser may bring. */
export interface PageRules {
  /** Names that requests may have in Host, beside those of this machine and addresses; absent = any. */
  readonly hosts?: readonly string[] | undefined
  /** Whose pages may send requests, beside the gateway's own, such as `https://app.example`; absent = anybody's. */
  readonly origins?: readonly string[] | undefined
}

/**
 * A page that is to use a key has to have it: browsers add one by themselves for looking alone. Without keys it is the
 * page that tells who asks, and on the loopback interface also the name that was asked for.
 */
export function pageRulesOf({ auth, hosts, origins }: Pick<Config, 'auth' | 'hosts' | 'origins'>): PageRules {
  const hasKeys = auth !== undefined && auth !== 'off'
  return {
    hosts: hosts ?? (auth === undefined ? [] : undefined),
    origins: origins ?? (hasKeys ? undefined : []),
  }
}

/** Why a request is not answered; undefined for all but those that a browser sends for the page of somebody else. */
export type ForeignPages = (
  this: void,
  request: Pick<IncomingMessage, 'method' | 'rawHeaders'>,
) => GatewayError | undefined

/**
 * A browser is on the machine of somebody who may reach the gateway, and sends what any page asks it to: by a plain form
 * or `fetch` without reading the answer, and also with reading it once the page's own name leads here (DNS rebinding).
 * The first is told by what browsers say of themselves, as in Go's http.CrossOriginProtection, but for reading too, of
 * which only links are followed; the second by the name that was asked for. Whoever is no browser says nothing of it.
 */
export function createForeignPages(
  { hosts, origins }: PageRules,
  metrics: RequestMetrics,
): ForeignPages | undefined {
  if (hosts === undefined && origins === undefined) return undefined
  const known = hosts && new Set(hosts.map((host) => host.toLowerCase()))
  const welcome = origins && new Set(origins.map((origin) => origin.toLowerCase()))

  function faultOf({ method, rawHeaders }: Parameters<ForeignPages>[0]): GatewayError | undefined {
    const { host, origin, site, mode } = readHead(rawHeaders)
    if (known !== undefined && host !== undefined && !isKnown(nameOf(host), known)) return misdirected(host)
    if (welcome === undefined || (origin !== undefined && welcome.has(origin.toLowerCase()))) return undefined
    const isLink = mode === 'navigate' && (method === 'GET' || method === 'HEAD')
    if (site !== undefined)
      return site === 'same-origin' || site === 'none' || isLink ? undefined : foreign(site)
    if (origin === undefined || URL.parse(origin)?.host === host?.toLowerCase()) return undefined
    return foreign('cross-site')
  }

  return (request) => {
    const fault = faultOf(request)
    if (fault === undefined) return undefined
    metrics.started()
    const method = request.method === 'GET' ? 'GET' : 'other'
    metrics.finished({ method, route: 'unmatched', status: fault.status, seconds: 0 })
    return fault
  }
}

interface Head {
  host?: string
  origin?: string
  site?: string
  mode?: string
}

/** Of a name that is there twice the first: so reads the HTTP parser Host, and browsers send no other twice. */
function readHead(rawHeaders: readonly string[]): Head {
  const head: Head = {}
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!
    // Nearly all names are of another length.
    if (name.length === 4 && name.toLowerCase() === 'host') head.host ??= rawHeaders[at + 1]!
    else if (name.length === 6 && name.toLowerCase() === 'origin') head.origin ??= rawHeaders[at + 1]!
    else if (name.length === 14) {
      const lower = name.toLowerCase()
      if (lower === 'sec-fetch-site') head.site ??= rawHeaders[at + 1]!
      else if (lower === 'sec-fetch-mode') head.mode ??= rawHeaders[at + 1]!
    }
  }
  return head
}

function nameOf(host: string): string {
  return host.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase()
}

/** Nobody else's page is at an address, and browsers look names below localhost up nowhere. */
function isKnown(name: string, known: ReadonlySet<string>): boolean {
  if (known.has(name) || name === 'localhost' || name.endsWith('.localhost')) return true
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0
}

const closing = { headers: { connection: 'close' } }

function misdirected(host: string): GatewayError {
  const named = JSON.stringify(host.slice(0, 128))
  const detail = `the gateway answers to addresses, to names of its own machine and to those under hosts, and this asks for ${named}: add that name to hosts`
  return new GatewayError('unknown_host', detail, closing)
}

function foreign(site: string): GatewayError {
  const detail = `a browser sends this for a page of elsewhere (${JSON.stringify(site.slice(0, 32))}), and without keys no such page is answered: ask from a server, or add the page's origin to origins`
  return new GatewayError('foreign_page', detail, closing)
}
