import { once } from 'node:events'
import { connect } from 'node:net'
import { request } from 'undici'

export const answers = (url: string) => (): Promise<boolean> =>
  request(url).then(
    async ({ statusCode, body }) => {
      await body.dump()
      return statusCode === 200
    },
    () => false,
  )

export const listens = (port: number) => async (): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
