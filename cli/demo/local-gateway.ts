import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { findFreePort } from './free-port.ts'
import { createGatewayClient, type GatewayClient } from './gateway-client.ts'
import { GatewayProcess, type GatewayDied } from './gateway-process.ts'

export interface LocalGatewayOptions {
  readonly configPath: string
  /** Undefined = an SQLite file that goes when the gateway goes. */
  readonly redis: string | undefined
  readonly policy: string | undefined
  readonly onNotice: (text: string) => void
  readonly onGivenUp: (error: GatewayDied) => void
}

/** A gateway of our own on a free loopback port, with all its files in a temporary folder. */
export interface LocalGateway {
  readonly origin: string
  readonly process: GatewayProcess
  readonly client: GatewayClient
  close(): Promise<void>
  /** The same at once and synchronously, for the last moments of this process. */
  closeNow(): void
}

/** The one endpoint of the example. */
const endpoint = 'digits'
/** By the ending that this file has itself: the package holds JavaScript. */
const main = join(import.meta.dirname, '..', `main${extname(import.meta.filename)}`)

export const openLocalGateway = async (options: LocalGatewayOptions): Promise<LocalGateway> => {
  const folder = await mkdtemp(join(tmpdir(), 'bandit-demo-'))
  const address = `127.0.0.1:${await findFreePort()}`
  const origin = `http://${address}`
  const client = createGatewayClient(origin, endpoint)
  const gateway = new GatewayProcess({
    command: [
      main,
      'serve',
      `--config=${options.configPath}`,
      `--listen=${address}`,
      `--store=${options.redis ?? `sqlite:${join(folder, 'bandit.db')}`}`,
      `--journal=${join(folder, 'journal.db')}`,
      '--log-level=warn',
      ...(options.policy === undefined ? [] : [`--policy=${options.policy}`]),
    ],
    logPath: join(folder, 'gateway.log'),
    isReady: () => client.ready(),
    onNotice: options.onNotice,
    onGivenUp: options.onGivenUp,
  })
  return {
    origin,
    process: gateway,
    client,
    close: async () => {
      // First, so that the gateway has nobody left to wait for.
      await client.close()
      await gateway.stop()
      await rm(folder, { recursive: true, force: true })
    },
    closeNow: () => {
      gateway.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
