import {
  Agent,
  buildConnector,
  fetch as undiciFetch,
  type Dispatcher,
  type RequestInit,
  type Response,
} from 'undici'
import { createGuardedLookup, OutboundRefused, type LookUpAll } from './guarded-lookup.ts'
import { createOutboundJudge, type OutboundPolicy } from './outbound-policy.ts'

/** PEM texts, and the name that the server's certificate is made out for where it is not that of the address. */
export interface OutboundTls {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly servername?: string | undefined
}

/** Calls to addresses that somebody wrote down: remote models, feature servers, key sets, web hooks. */
export interface Outbound {
  /** @throws OutboundRefused */
  check(this: void, url: URL): void
  /** Checks, calls, and follows no redirect. Rejects with OutboundRefused also for what the name leads to. */
  fetch(this: void, url: URL, init?: Omit<RequestInit, 'dispatcher' | 'redirect'>): Promise<Response>
  /** For clients that send requests themselves: it judges whom it connects to. */
  readonly dispatcher: Dispatcher
  close(): Promise<void>
}

export interface OutboundDeps {
  readonly policy: OutboundPolicy
  /** What connections are made with, beside what the system trusts. */
  readonly tls?: OutboundTls | undefined
  /** How long one may take to come about; 10 s when absent. */
  readonly connectTimeoutMs?: number
  readonly lookup?: LookUpAll
}

/** Of an answer; who sends more is hung up on. */
const maxResponseBytes = 16 * 1024 ** 2

/** The address is judged when the connection is made, by the very look-up that it uses. */
export function createOutbound({ policy, tls, connectTimeoutMs, lookup }: OutboundDeps): Outbound {
  const judge = createOutboundJudge(policy)
  const lookupFor = createGuardedLookup(judge, lookup)
  const settings = {
    ...withoutUndefined(tls),
    ...(connectTimeoutMs !== undefined && { timeout: connectTimeoutMs }),
  }
  /** One for each origin, of which the configuration names a few: they keep sessions of TLS. */
  const connectors = new Map<string, buildConnector.connector>()

  function connect(target: buildConnector.Options, done: buildConnector.Callback): void {
    const refusal = judge.ofUrl(target)
    if (refusal !== undefined) return done(new OutboundRefused(refusal), null)
    const origin = `${target.protocol}//${target.host ?? target.hostname}`
    const connector = connectors.get(origin) ?? buildConnector({ ...settings, lookup: lookupFor(target) })
    connectors.set(origin, connector)
    connector(target, done)
  }

  function check(url: URL): void {
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new OutboundRefused(`${url.protocol} is not called: use https: or http:`)
    if (url.username !== '' || url.password !== '')
      throw new OutboundRefused(
        `credentials do not belong in an address: take them out of that of ${url.hostname}`,
      )
    const refusal = judge.ofUrl(url)
    if (refusal !== undefined) throw new OutboundRefused(refusal)
  }

  const dispatcher = new Agent({ connect, maxResponseSize: maxResponseBytes })
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
