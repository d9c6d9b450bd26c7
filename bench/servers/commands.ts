import { fileURLToPath } from 'node:url'
import { answers, listens } from './ready.ts'
import type { ServerCommand } from './server.ts'

/** How each kind of server is started, by the same entries that users start. */

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const node = process.execPath
const origin = (port: number): string => `http://127.0.0.1:${port}`

export const bareCommand = (file: string, port: number): ServerCommand => ({
  command: node,
  args: [path('bare.ts'), file, String(port)],
  isReady: listens(port),
})

export const workerCommand = (file: string, port: number): ServerCommand => ({
  command: node,
  args: [path('../../model-workers/main.ts'), '--model', file, '--name', 'digits', '--port', String(port)],
  isReady: answers(`${origin(port)}/v2/health/ready`),
})

export const gatewayCommand = (config: string, port: number): ServerCommand => ({
  command: node,
  args: [path('../../cli/main.ts'), 'serve', '--config', config],
  isReady: answers(`${origin(port)}/readyz`),
})

export const redisCommand = (port: number, dir: string): ServerCommand => ({
  command: 'redis-server',
  args: ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--save', ''],
  isReady: listens(port),
})
