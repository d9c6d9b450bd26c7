import { randomUUID } from 'node:crypto'
import type { LoadJob } from '../load/job.ts'
import { startBare, startGateway, startWorker } from './start.ts'

/** One way to get a prediction, running, and what to send to it. */
export interface Contender {
  readonly name: ContenderName
  readonly request: Pick<LoadJob, 'origin' | 'path' | 'contentType' | 'bodies'>
}

export type ContenderName =
  | 'one process, Hono + onnxruntime'
  | 'model worker'
  | 'gateway, signed ledger'
  | 'gateway, stored in Redis'
  | 'gateway, stored in SQLite'

export interface Setting {
  /** Path of the ONNX file. */
  readonly file: string
  readonly images: readonly (readonly number[])[]
  readonly redisUrl: string | undefined
  /** For configurations and databases. */
  readonly folder: string
}

/** Starts each in processes of its own, which end with `stack`. The first is what the others are compared with. */
export const startContenders = async (
  { file, images, redisUrl, folder }: Setting,
  stack: AsyncDisposableStack,
): Promise<readonly Contender[]> => {
  const contentType = 'application/json'
  const bodies = images.map((pixels) => JSON.stringify({ inputs: { pixels: [pixels] } }))
  const oipBodies = images.map((data) =>
    JSON.stringify({ inputs: [{ name: 'pixels', datatype: 'FP32', shape: [1, data.length], data }] }),
  )
  // A Redis server that was given may hold the state of an earlier run.
  const endpoint = `bench-${randomUUID().slice(0, 8)}`
  const settings = { file, folder, endpoint }

  const gateway = async (
    name: ContenderName,
    store: { ledger: 'signed' | 'stored'; redisUrl?: string },
  ): Promise<Contender> => {
    const origin = await startGateway({ ...settings, ...store }, stack)
    return { name, request: { origin, path: `/predict/${endpoint}`, contentType, bodies } }
  }

  return [
    {
      name: 'one process, Hono + onnxruntime',
      request: { origin: await startBare(file, stack), path: '/predict', contentType, bodies },
    },
    {
      name: 'model worker',
      request: {
        origin: await startWorker(file, stack),
        path: '/v2/models/digits/infer',
        contentType,
        bodies: oipBodies,
      },
    },
    await gateway('gateway, signed ledger', { ledger: 'signed' }),
    ...(redisUrl ? [await gateway('gateway, stored in Redis', { ledger: 'stored', redisUrl })] : []),
    await gateway('gateway, stored in SQLite', { ledger: 'stored' }),
  ]
}
