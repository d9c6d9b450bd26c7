import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { request } from 'node:http'
import { listenHttp } from '../../../gateway/http/server.ts'
import { predictionRoute } from '../../../gateway/overload/prediction-route.ts'

const targets = [
  '/predict/digits',
  '/pre%64ict/digits',
  '/predict/digit%73?a=%20',
  '/%70redict/digits',
  '/x/../predict/digits',
  '/./predict/digits',
  '/x/%2e%2e/predict/digits',
  '\\predict\\digits',
  'http://127.0.0.1/predict/digits',
  'http://127.0.0.1/x/../pre%64ict/digits',
  '//predict/digits',
  '/predict%2fdigits',
  '/PREDICT/digits',
]

test('whatever the router takes for a prediction is counted as one of its endpoint', async () => {
  const app = new Hono()
  app.post('/predict/:endpoint', (c) => c.text(c.req.param('endpoint')))
  const server = await listenHttp({ fetch: app.fetch, host: '127.0.0.1', port: 0, maxConnections: 100 })
  onTestFinished(() => server.close())
  const { port } = new URL(server.origin)
  const ask = (path: string) =>
    new Promise<string | undefined>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method: 'POST', agent: false }, (response) => {
        let text = ''
        response.on('data', (piece) => (text += String(piece)))
        response.on('end', () => resolve(response.statusCode === 200 ? text : undefined))
      })
      sent.on('error', reject).end()
    })
  const taken: string[] = []
  for (const target of targets) {
    const endpoint = await ask(target)
    if (endpoint === undefined) continue
    taken.push(target)
    expect(predictionRoute('POST', target), target).toEqual({
      route: '/predict/:endpoint',
      endpoint,
      isInference: false,
    })
  }
  expect(taken.length).toBeGreaterThan(6)
})

test('other requests are none', () => {
  expect(predictionRoute('GET', '/predict/digits')).toBeUndefined()
  for (const target of ['/feedback', '/x/predict', '*', 'http://[', '/%'])
    expect(predictionRoute('POST', target), target).toBeUndefined()
})
