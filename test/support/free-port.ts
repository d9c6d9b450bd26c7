import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A loopback TCP port that nothing listened on a moment ago. Another process can take it before the caller does;
 * where a server can listen on port 0 itself, let it.
 */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error(`no TCP port in ${address}`)
  return address.port
}
