/** Names of the keys of one endpoint and generation. */
export interface EndpointKeys {
  /** hash `<arm>/<epoch>` → sums, separated by a space */
  readonly statistics: string
  /** hash `<arm>/<bucket>` → pulls, open buckets only */
  readonly pulls: string
  /** hash `<arm>/<bucket>` → rewarded decisions, open buckets only */
  readonly rewarded: string
  /** hash `<arm>/<bucket>` → decisions taken back, open buckets only */
  readonly voided: string
  /** hash `<arm>/<bucket>` → sums that are not learned yet, open buckets only */
  readonly held: string
  /** hash `<arm>/pulls|rewarded|voided|defaulted|written_off` → count */
  readonly totals: string
  /** highest closed bucket */
  readonly closed: string
  /** sorted set of closed buckets that have left something unsettled, by the moment until which they can be changed */
  readonly ended: string
  /** hash `brought/<journal>`, `missed/<journal>` and `looked` → ms, see `forget-marks.lua` */
  readonly journals: string
  /** highest bucket whose marks were let go of */
  readonly forgotten: string
  readonly version: string
  /** when this data came into being, microseconds since 1970 by the server's clock */
  readonly born: string
  /** what this data began with, see `checkpoint.ts` */
  readonly origin: string
  /**
   * hash decision's key → version and mark, `base/<key>` → what a restored checkpoint holds of it, and of a closed bucket
   * `defaulted/<arm>` and `written_off/<arm>` → decisions that are still so
   */
  marks(bucket: number): string
  /** record of one decision */
  decision(key: string): string
  /** last sequence flushed by a gateway, and the version at which it was added */
  flush(gateway: string): string
}

export const defaultPrefix = 'bandit'

/** The hash tag puts all keys of an endpoint into one slot of a cluster, as scripts that change several need. */
export function endpointKeys(prefix: string, endpoint: string, generation: string): EndpointKeys {
  const key = (name: string) => `${prefix}:{${endpoint}}:${generation}:${name}`
  return {
    statistics: key('statistics'),
    pulls: key('pulls'),
    rewarded: key('rewarded'),
    voided: key('voided'),
    held: key('held'),
    totals: key('totals'),
    closed: key('closed'),
    ended: key('ended'),
    journals: key('journals'),
    forgotten: key('forgotten'),
    version: key('version'),
    born: key('born'),
    origin: key('origin'),
    marks: (bucket) => key(`marks:${bucket}`),
    decision: (decisionKey) => key(`decision:${decisionKey}`),
    flush: (gateway) => key(`flush:${gateway}`),
  }
}

/** `<revision> <text>`: operators mean the endpoint, under whatever definition of its reward. */
export function controlsKey(prefix: string, endpoint: string): string {
  return `${prefix}:{${endpoint}}:controls`
}

export function signingSecretKey(prefix: string): string {
  return `${prefix}:signing-secret`
}
