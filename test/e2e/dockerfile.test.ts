import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8').replaceAll(/\\\n\s*/g, '')

test('the check of health tells a gateway that answers from one that does not', async () => {
  const [, command] = /HEALTHCHECK .*?CMD (\[.*\])$/m.exec(dockerfile)!
  const [, ...args] = JSON.parse(command!) as string[]
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/livez' ? status : 404
    response.end()
  })
  let status = 200
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const run = promisify(execFile)
  const check = () =>
    run(
      process.execPath,
      args.map((text) => text.replace(':8080/', `:${port}/`)),
    ).then(
      () => 'well',
      ({ code }: { code: number }) => code,
    )
  expect(await check()).toBe('well')
  status = 503
  expect(await check()).toBe(1)
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
  expect(await check()).toBe(1)
})
