import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Bench } from './bench.ts'

/** What it answers to an inference request, whose body has been read. */
export type Behaviour = (response: ServerResponse, rows: number) => void

export interface FarServer {
  readonly url: string
  behaviour: Behaviour
}

const x = { name: 'x', datatype: 'FP32', shape: [-1, 2] }
const y = { name: 'y', datatype: 'FP32', shape: [-1, 2] }

export const answerJson = (response: ServerResponse, value: unknown): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))

/** Zeros, as many as there should be. */
export const well: Behaviour = (response, rows) =>
  answerJson(response, {
    model_name: 'm',
    outputs: [{ ...y, shape: [rows, 2], data: Array.from({ length: 2 * rows }, () => 0) }],
  })

/** An inference server somewhere else, which says that it serves a model `m` from `x` to `y` and then does what it likes. */
export async function startFarServer(bench: Bench): Promise<FarServer> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    const body = await buffer(request)
    if (path.endsWith('/infer')) return server.behaviour(response, rowsIn(body))
    if (path === '/v2') return answerJson(response, { name: 'far', version: '1', extensions: [] })
    answerJson(response, { name: 'm', platform: 'far', inputs: [x], outputs: [y] })
  }
  const http = createServer((request, response) => void answer(request, response))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  bench.atEnd(() => {
    http.closeAllConnections()
    http.close()
  })
  const server: FarServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    behaviour: well,
  }
  return server
}

const rowsIn = (body: Buffer): number =>
  (JSON.parse(body.toString()) as { inputs: readonly { shape: readonly number[] }[] }).inputs[0]!.shape[0]!
