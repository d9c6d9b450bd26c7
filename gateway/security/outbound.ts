import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, fetch as undiciFetch, type Dispatcher, type RequestInit, type Response } from 'undici'
import { kindOfAddress } from './addresses.ts'

/** Whom the gateway may call. */
export interface OutboundPolicy {
  /** `host`, `host:port`, or `*.domain` for every host within it. */
  readonly allow: readonly string[]
  /** Whether a name on the list may lead to this machine or its network. */
  readonly privateAddresses: boolean
}

/** PEM texts, and the name that the server's certificate is made out for where it is not that of the address. */
export interface OutboundTls {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly servername?: string | undefined
}

/** Calls to addresses that somebody wrote down: remote models, key sets, web hooks. */
export interface Outbound {
  /** @throws OutboundRefused */
  check(this: void, url: URL): void
  /** Checks, calls, and follows no redirect. Rejects with OutboundRefused also for what the name leads to. */
  fetch(this: void, url: URL, init?: Omit<RequestInit, 'dispatcher' | 'redirect'>): Promise<Response>
  /** For clients that make their own connections, after `check`. */
  readonly dispatcher: Dispatcher
  close(): Promise<void>
}

/** Nothing was sent. The message names the host and says how to mend it. */
export class OutboundRefused extends Error {
  readonly code = 'outbound_refused'
  constructor(message: string) {
    super(message)
    this.name = 'OutboundRefused'
  }
}

export interface OutboundDeps {
  readonly policy: OutboundPolicy
  /** What connections are made with, beside what the system trusts. */
  readonly tls?: OutboundTls | undefined
  /** How long one may take to come about; 10 s when absent. */
  readonly connectTimeoutMs?: number
  /** As `dns.lookup` with `all`. */
  readonly lookup?: (
    host: string,
    done: (error: NodeJS.ErrnoException | null, found: readonly LookupAddress[]) => void,
  ) => void
}

/** Of an answer; who sends more is hung up on. */
const maxResponseBytes = 16 * 1024 ** 2

/**
 * The address is judged when the connection is made, by the very look-up that it uses: a name that leads elsewhere a
 * moment after it was checked (DNS rebinding) gains nothing.
 */
export function createOutbound({ policy, tls, connectTimeoutMs, lookup = lookUp }: OutboundDeps): Outbound {
  const checkedLookup: LookupFunction = (host, { all }, done) => {
    lookup(host, (error, found) => {
      if (error !== null) return done(error, '')
      const refusal = found.map(({ address }) => refusalOf(host, address)).find((each) => each !== undefined)
      const [first] = found
      if (refusal !== undefined || first === undefined)
        return done(refusal ?? new OutboundRefused(`${host} leads nowhere`), '')
      if (all === true) done(null, [...found])
      else done(null, first.address, first.family)
    })
  }
  const dispatcher = new Agent({
    connect: {
      lookup: checkedLookup,
      ...withoutUndefined(tls),
      ...(connectTimeoutMs !== undefined && { timeout: connectTimeoutMs }),
    },
    maxResponseSize: maxResponseBytes,
  })

  function refusalOf(host: string, address: string): OutboundRefused | undefined {
    const kind = kindOfAddress(address)
    if (kind === 'never') return new OutboundRefused(`${host} leads to ${address}, which nobody may call`)
    if (kind === 'public' || policy.privateAddresses) return undefined
    return new OutboundRefused(
      `${host} leads to ${address}, which is private: only public addresses are called`,
    )
  }

  function check(url: URL): void {
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new OutboundRefused(`${url.protocol} is not called: use https: or http:`)
    if (url.username !== '' || url.password !== '')
      throw new OutboundRefused(`credentials do not belong in an address: take them out of that of ${host}`)
    if (!policy.allow.some((entry) => isMeant(entry, host, url)))
      throw new OutboundRefused(`${url.host} is not on the list of those that may be called: add it`)
    // A host that is an address is never looked up.
    const refusal = isIP(host) === 0 ? undefined : refusalOf(host, host)
    if (refusal !== undefined) throw refusal
  }

  return {
    check,
    async fetch(url, init) {
      check(url)
      try {
        return await undiciFetch(url, { ...init, dispatcher, redirect: 'manual' })
      } catch (error) {
        const { cause } = error as Error
        throw cause instanceof OutboundRefused ? cause : error
      }
    },
    dispatcher,
    close: () => dispatcher.close(),
  }
}

function withoutUndefined(tls: OutboundTls = {}): { [key in keyof OutboundTls]?: string } {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
}

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

function isMeant(entry: string, host: string, url: URL): boolean {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? []
  if (port !== undefined && port !== (url.port || defaultPorts[url.protocol])) return false
  const wanted = (bracketed ?? plain ?? entry).toLowerCase()
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted
}

const lookUp: NonNullable<OutboundDeps['lookup']> = (host, done) => {
  systemLookup(host, { all: true }, done)
}
