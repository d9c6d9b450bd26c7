import type { TensorSpec } from '../../../model-workers/protocol/types.ts'
import type { ModelFit } from './fit.ts'
import type { TlsConfig } from '../store/tls.ts'

export const remoteProtocols = ['open-inference', 'tensorflow', 'json'] as const
export type RemoteProtocol = (typeof remoteProtocols)[number]

/** A model that a server elsewhere serves. */
export interface RemoteModelConfig {
  readonly name: string
  /** What stands before the paths of the protocol, one for each address; for `json` the whole address. */
  readonly urls: readonly string[]
  readonly protocol: RemoteProtocol
  /** Its name there. */
  readonly servedAs: string
  readonly version: string | undefined
  /** Names of headers, and of the variables that hold their values. */
  readonly headers: Readonly<Record<string, string>>
  /** Absolute paths of PEM files, beside what the system trusts. */
  readonly tls: TlsConfig | undefined
  /** Path to ask at whether it is ready; `json` alone. */
  readonly ready: string | undefined
  /** Absent where the server's own word counts. */
  readonly inputs: readonly RemoteTensor[] | undefined
  readonly outputs: readonly RemoteTensor[] | undefined
  /** How its tensors become those of its endpoints; undefined = as they are. */
  readonly fit?: ModelFit | undefined
  /** Rows that one call may take. */
  readonly maxBatch: number
  /** Requests that may wait. */
  readonly queue: number
  readonly deadlineMs: number | undefined
}

export interface RemoteTensor extends TensorSpec {
  /** Its name there; for `json` the pointer to where it stands. */
  readonly as: string
}
