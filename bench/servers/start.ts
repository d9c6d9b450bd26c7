import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { findFreePort } from '../../cli/demo/free-port.ts'
import { bareCommand, gatewayCommand, workerCommand } from './commands.ts'
import { startServer } from './server.ts'

/** Each starts processes that end with `stack`, and answers the origin to send requests to. */

export const startBare = async (file: string, stack: AsyncDisposableStack): Promise<string> => {
  const port = await findFreePort()
  stack.use(await startServer(bareCommand(file, port)))
  return toOrigin(port)
}

export const startWorker = async (file: string, stack: AsyncDisposableStack): Promise<string> => {
  const port = await findFreePort()
  stack.use(await startServer(workerCommand(file, port)))
  return toOrigin(port)
}

export interface GatewaySettings {
  /** Path of the ONNX file of its only arm. */
  readonly file: string
  readonly ledger: 'signed' | 'stored'
  /** A Redis server; absent = an SQLite file. */
  readonly redisUrl?: string
  /** Names the state in the store. */
  readonly endpoint: string
  /** Gets a folder for the configuration and the database. */
  readonly folder: string
}

export const startGateway = async (
  settings: GatewaySettings,
  stack: AsyncDisposableStack,
): Promise<string> => {
  const port = await findFreePort()
  const { file, ledger, endpoint, redisUrl } = settings
  const config = {
    listen: `127.0.0.1:${port}`,
    store: redisUrl ?? 'sqlite:./bandit.db',
    models: { model: { onnx: file } },
    endpoints: {
      [endpoint]: {
        arms: { model: { model: 'model' } },
        policy: { name: 'thompson' },
        reward: { from: 'reward', window: '1h' },
        ledger,
      },
    },
    log: { level: 'warn', access_sample: 0 },
    telemetry: { otlp: undefined, sample: 0, decisions: false },
  }
  const folder = join(settings.folder, String(port))
  await mkdir(folder)
  const path = join(folder, 'bandit.yaml')
  await writeFile(path, stringify(config))
  stack.use(await startServer(gatewayCommand(path, port)))
  return toOrigin(port)
}

const toOrigin = (port: number): string => `http://127.0.0.1:${port}`
