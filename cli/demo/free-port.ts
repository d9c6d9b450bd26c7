import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/**
 * A loopback port that nothing listened on a moment ago. Another process can take it before the caller does; where a
 * server can listen on port 0 itself, let it.
 */
export const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
