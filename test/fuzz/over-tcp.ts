import { mkdtemp, rm } from 'node:fs/promises'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenApiDocument } from '../fixtures/openapi.ts'
import { modelPath } from '../support/digits.ts'
import { startGateway } from '../support/gateway-process.ts'
import { openConnection, type Connection } from './connection.ts'
import type { FuzzAnswer } from './judge.ts'
import type { Manner } from './manner.ts'
import type { FuzzRequest } from './requests.ts'
import type { FuzzTarget } from './run-fuzz.ts'

const config = {
  // What its requests call it.
  hosts: ['fuzz'],
  models: { logistic: { onnx: modelPath('logistic') }, tree: { onnx: modelPath('tree') } },
  endpoints: {
    digits: {
      arms: { first: { model: 'logistic' }, second: { model: 'tree' } },
      policy: { name: 'lin-ucb' },
      context: {
        features: { country: { type: 'category', values: ['DE', 'AT'] }, isNew: { type: 'boolean' } },
      },
      reward: { from: 'reward', window: '10m' },
      deadline: '5s',
    },
  },
}

const looksAlive = Buffer.from('GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n')

/** A gateway of its own process with real models, asked byte by byte through its socket. */
export async function openOverTcp(): Promise<FuzzTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'bandit-fuzz-'))
  const file = join(folder, 'bandit.yaml')
  await writeFile(file, JSON.stringify(config))
  const run = startGateway({ config: file, store: `sqlite:${folder}/bandit.db`, tmp: folder })
  const origin = await run.ready()
  const port = Number(new URL(origin).port)
  let connection: Connection | undefined
  let told = run.log().length
  const document = (await (await fetch(`${origin}/openapi.json`)).json()) as OpenApiDocument

  async function send(request: FuzzRequest, manner: Manner): Promise<FuzzAnswer | undefined> {
    if (connection?.isOpen() !== true) connection = await openConnection(port)
    const { head, body } = toBytes(request, manner.kind === 'chunked')
    const all = Buffer.concat([head, body])
    const cut = Math.floor(manner.at * all.length)
    switch (manner.kind) {
      case 'left':
        connection.write(all.subarray(0, cut))
        connection.leave()
        return undefined
      case 'sliced':
        connection.write(all.subarray(0, cut))
        await new Promise((resolve) => setTimeout(resolve, 2))
        connection.write(all.subarray(cut))
        break
      case 'followed':
        connection.write(Buffer.concat([all, looksAlive]))
        break
      case 'whole':
      case 'chunked':
        connection.write(all)
    }
    const answer = await connection.answer(request.method)
    if (manner.kind === 'followed' && connection.isOpen()) {
      const alive = await connection.answer('GET')
      // A connection may be closed instead, as its client has to expect.
      if (alive !== undefined && alive.status !== 200)
        throw new Error(`the request behind it was answered ${alive.status}: ${alive.text}`)
    }
    if (connection.isOpen() && connection.surplus() !== '')
      throw new Error(`more was answered than asked: ${connection.surplus()}`)
    if (answer !== undefined && answer.text === undefined) connection.leave()
    return answer
  }

  return {
    document,
    known: { endpoints: ['digits'], arms: ['first', 'second'], input: { name: 'pixels', width: 64 } },
    send,
    faults() {
      const lines = run
        .log()
        .slice(told)
        .filter(({ level }) => level === 'error' || level === 'fatal')
      const written = run.stderr() === '' ? [] : [run.stderr()]
      return [...lines.map((line) => JSON.stringify(line)), ...written]
    },
    forgetLog: () => void (told = run.log().length),
    metrics: async () => (await fetch(`${origin}/metrics`)).text(),
    async close() {
      connection?.leave()
      await run.end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function toBytes(request: FuzzRequest, isChunked: boolean) {
  const { method, address, headers, body } = request
  const lines = [`${method} ${address} HTTP/1.1`, 'host: localhost']
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  if (body !== undefined)
    lines.push(isChunked ? 'transfer-encoding: chunked' : `content-length: ${body.length}`)
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)
  if (body === undefined || !isChunked) return { head, body: body ?? Buffer.alloc(0) }
  const half = body.length >> 1
  const chunks = [body.subarray(0, half), body.subarray(half)].filter(({ length }) => length > 0)
  const framed = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n'])
  return { head, body: Buffer.concat([...framed, '0\r\n\r\n'].map((part) => Buffer.from(part))) }
}
