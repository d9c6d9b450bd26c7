import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Bench } from '../bench/bench.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { demand, type Scenario } from '../bench/scenario.ts'
import { refusedStart } from './refused-start.ts'

async function serve(bench: Bench, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  bench.atEnd(() => {
    server.close()
    server.closeAllConnections()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const tensor = (at: string) => ({ datatype: 'FP32', shape: [-1, 1], at })
const remote = (url: string, outbound?: readonly string[]) => ({
  ...(outbound && { outbound: { allow: outbound } }),
  models: { far: { url, protocol: 'json', inputs: { x: tensor('/x') }, outputs: { y: tensor('/y') } } },
  endpoints: { e: { arms: { only: { model: 'far' } } } },
})

const calls: Scenario = {
  id: 'G5',
  does: 'names a model at an address of metadata, at one that is not listed, at one that redirects inside, and by a name that leads inside',
  expects:
    'the first two do not start and say why; the third gives 502, the last 503, and nobody inside is asked',
  shownBy: 'test/gateway/security/outbound/outbound.test.ts',
  async run(bench) {
    let asked = 0
    const inside = await serve(bench, (_request, response) => {
      asked++
      response.setHeader('content-type', 'application/json').end('{"y":[[1]]}')
    })
    const redirecting = await serve(bench, (_request, response) =>
      response.writeHead(307, { location: `http://${inside}/` }).end(),
    )
    const metadata = await refusedStart(bench, remote('http://169.254.169.254/latest'))
    demand(metadata.includes('nobody may call'), `metadata: ${metadata}`)
    const unlisted = await refusedStart(bench, remote(`http://${inside}/`, ['models.example']))
    demand(unlisted.includes('add it or its network to outbound.allow'), `not listed: ${unlisted}`)
    const seen: string[] = []
    for (const [name, config] of Object.entries({
      redirected: remote(`http://${redirecting}/`),
      'a name that leads inside': remote(`http://localhost:${inside.split(':')[1]}/`, ['localhost']),
    })) {
      const gateway = await bench.gateway({ config })
      const { status, text } = await gateway.post('/predict/e', { inputs: { x: [[1]] } })
      demand(!/127\.0\.0\.1|localhost/.test(text), `the caller is told: ${text}`)
      // Who redirects has answered, if with nothing that can be read.
      demand(status === (name === 'redirected' ? 502 : 503), `${name} is answered ${status}`)
      const why = 'which is private: add it or its network to outbound.allow'
      if (name !== 'redirected')
        await waitUntil(() => JSON.stringify(gateway.process.log()).includes(why), {
          what: `the log of ${name} says why`,
        })
      seen.push(`${name} ${status}`)
    }
    demand(asked === 0, `somebody inside was asked ${asked} times`)
    const sound = await bench.gateway({
      config: remote(`http://localhost:${inside.split(':')[1]}/`, ['127.0.0.0/8', '::1']),
    })
    const { status } = await sound.post('/predict/e', { inputs: { x: [[1]] } })
    demand(status === 200, `with its network listed it is answered ${status}`)
    return `metadata and who is not listed refused at the start; ${seen.join(', ')}, nobody inside asked; listed 200`
  },
}

export const callScenarios: readonly Scenario[] = [calls]
