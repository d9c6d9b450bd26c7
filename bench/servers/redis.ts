import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findFreePort } from '../../cli/demo/free-port.ts'
import { redisCommand } from './commands.ts'
import { startServer } from './server.ts'

/** What was started for the benchmark is stopped with `stack`. Undefined where no server is given or on PATH. */
export const findRedis = async (
  given: string | undefined,
  folder: string,
  stack: AsyncDisposableStack,
): Promise<string | undefined> => {
  if (given !== undefined) return given
  const found = await promisify(execFile)('redis-server', ['--version']).catch(() => undefined)
  if (found === undefined) return undefined
  const port = await findFreePort()
  const dir = join(folder, 'redis')
  await mkdir(dir)
  stack.use(await startServer(redisCommand(port, dir)))
  return `redis://127.0.0.1:${port}`
}
