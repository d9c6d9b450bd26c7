import { request } from 'undici'
import { isListenedOn } from '../../model-workers/listen.ts'

export const answers = (url: string) => (): Promise<boolean> =>
  request(url).then(
    async ({ statusCode, body }) => {
      await body.dump()
      return statusCode === 200
    },
    () => false,
  )

export const listens = (port: number) => (): Promise<boolean> => isListenedOn({ host: '127.0.0.1', port })
