import { Pool } from 'undici'
import { decodeResponse, encodeRequest } from '../../../model-workers/protocol/binary.ts'
import { timeoutName } from '../../../model-workers/protocol/head.ts'
import { ProtocolFault } from '../../../model-workers/protocol/faults.ts'
import type { InferRequest, InferResponse, ModelMetadata } from '../../../model-workers/protocol/types.ts'
import { UpstreamError } from '../errors.ts'
import { exchange, type Reply } from './exchange.ts'
import { refusalError, toUpstreamError } from '../faults.ts'
import { parseMetadata } from './metadata.ts'
import type { BatchTrace } from '../tracer.ts'

/** One replica, spoken to in the Open Inference Protocol. Everything rejects with an UpstreamError. */
export interface ReplicaClient {
  /**
   * An aborted signal rejects with its reason when that is an UpstreamError, else with a timeout. `more` are headers
   * beside those of the protocol; after `timeoutMs` nobody waits any more.
   */
  infer(
    request: InferRequest,
    signal: AbortSignal,
    timeoutMs: number,
    more?: BatchTrace['headers'],
  ): Promise<InferResponse>
  /** Whether the replica serves its model now. Never rejects. */
  ready(timeoutMs: number): Promise<boolean>
  metadata(timeoutMs: number): Promise<ModelMetadata>
  close(): Promise<void>
}

/** `socket` is the path of a Unix socket; `url` is what stands before `/v2` on a remote server. */
export type ReplicaAddress =
  | { readonly index: number; readonly socket: string }
  | { readonly index: number; readonly url: string }

interface ReplicaClientOptions {
  /** The model's name in our configuration; errors carry it. */
  readonly model: string
  /** Its name on the server, when that is another. */
  readonly servedAs?: string
  readonly version?: string
  readonly address: ReplicaAddress
}

const connectTimeoutMs = 250
const maxResponseBytes = 16 * 1024 * 1024
/** Workers keep idle connections for 72 s; ours must be the side that closes them. */
const keepAliveMs = 60_000

export function createReplicaClient(options: ReplicaClientOptions): ReplicaClient {
  const { model, servedAs = model, version, address } = options
  const url = new URL('socket' in address ? 'http://localhost' : address.url)
  const served = `/v2/models/${encodeURIComponent(servedAs)}`
  const path = `${url.pathname.replace(/(?<!\/)\/+$/, '')}${served}${version === undefined ? '' : `/versions/${version}`}`
  const inferPath = `${path}/infer`
  const pool = new Pool(url.origin, {
    connect: { timeout: connectTimeoutMs, ...('socket' in address ? { socketPath: address.socket } : {}) },
    // undici leaves a connection alone for one turn of the loop after each answer; the next batch takes the other.
    connections: 2,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // Deadlines are the caller's, exact to the millisecond.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: maxResponseBytes,
  })

  async function infer(
    request: InferRequest,
    signal: AbortSignal,
    timeoutMs: number,
    more?: BatchTrace['headers'],
  ): Promise<InferResponse> {
    const { headers: own, body } = encodeRequest(request)
    const headers = { ...own, [timeoutName]: String(timeoutMs), ...more }
    const reply = await ask({ path: inferPath, method: 'POST', headers, body }, signal)
    const response = decode(reply)
    if (response.modelName !== servedAs && response.modelName !== '') {
      throw badOutput(`answered as model "${response.modelName}" instead of "${servedAs}"`)
    }
    return response
  }

  async function ready(timeoutMs: number): Promise<boolean> {
    try {
      await get(`${path}/ready`, timeoutMs)
      return true
    } catch {
      return false
    }
  }

  async function metadata(timeoutMs: number): Promise<ModelMetadata> {
    const { body } = await get(path, timeoutMs)
    try {
      return parseMetadata(body)
    } catch (cause) {
      throw badOutput(`sent metadata that cannot be used: ${(cause as Error).message}`, cause)
    }
  }

  const get = (path: string, timeoutMs: number): Promise<Reply> =>
    ask({ path, method: 'GET' }, AbortSignal.timeout(timeoutMs))

  async function ask(request: Parameters<typeof exchange>[1], signal: AbortSignal): Promise<Reply> {
    let reply: Reply
    try {
      reply = await exchange(pool, request, signal)
    } catch (error) {
      throw toUpstreamError(model, error)
    }
    if (reply.status !== 200) throw refusalError(model, reply)
    return reply
  }

  function decode({ headers, body }: Reply): InferResponse {
    const headerLength = headers['inference-header-content-length']
    try {
      return decodeResponse(headerLength === undefined ? undefined : Number(headerLength), body)
    } catch (cause) {
      if (!(cause instanceof ProtocolFault)) throw cause
      throw badOutput('answered what is not an inference response', cause)
    }
  }

  const badOutput = (what: string, cause?: unknown): UpstreamError =>
    new UpstreamError('bad_output', model, `${model} ${what}`, { cause })

  return { infer, ready, metadata, close: () => pool.destroy() }
}
