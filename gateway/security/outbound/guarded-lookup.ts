import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { OutboundJudge } from './outbound-policy.ts'

/** Nothing was sent. The message names the host and says how to mend it. */
export class OutboundRefused extends Error {
  readonly code = 'outbound_refused'
  constructor(message: string) {
    super(message)
    this.name = 'OutboundRefused'
  }
}

/** As `dns.lookup` with `all`. */
export type LookUpAll = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, found: readonly LookupAddress[]) => void,
) => void

type Target = Pick<URL, 'hostname' | 'protocol' | 'port'>

/**
 * The look-up that a connection to the target is to be made with: it finds no address that may not be called. A name that
 * leads elsewhere a moment after it was checked (DNS rebinding) gains nothing. Addresses are not looked up: see the judge.
 */
export function createGuardedLookup(
  judge: OutboundJudge,
  lookup: LookUpAll = lookUp,
): (target: Target) => LookupFunction {
  return (target) =>
    (host, { all }, done) => {
      lookup(host, (error, found) => {
        if (error !== null) return done(error, '')
        const [first] = found
        if (first === undefined) return done(new OutboundRefused(`${host} leads nowhere`), '')
        for (const { address } of found) {
          const refusal = judge.ofAddress(target, address)
          if (refusal !== undefined) return done(new OutboundRefused(refusal), '')
        }
        if (all === true) done(null, [...found])
        else done(null, first.address, first.family)
      })
    }
}

const lookUp: LookUpAll = (host, done) => {
  systemLookup(host, { all: true }, done)
}
