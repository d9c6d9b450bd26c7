import type { ModelMetadata } from '../../../model-workers/protocol/types.ts'

/** Which version of a model answers, as its replicas say. */
export interface ServedVersion {
  now(): string | undefined
  /** A replica was found, and says this of its model. */
  found(metadata: ModelMetadata): void
  /** An answer came, from this version. */
  answered(version: string | undefined): void
}

/** What can be part of a key in the store, of a header and of a label: servers elsewhere may say anything. */
const word = /^[\w.-]{1,64}$/

export function createServedVersion(): ServedVersion {
  let version: string | undefined
  function answered(said: string | undefined): void {
    if (said !== undefined && said !== version && word.test(said)) version = said
  }
  return {
    now: () => version,
    // Of several, nobody knows which is going to answer.
    found: ({ versions = [] }) => (versions.length === 1 ? answered(versions[0]) : undefined),
    answered,
  }
}
