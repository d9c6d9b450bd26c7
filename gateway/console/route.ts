import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { NONCE, secureHeaders, type SecureHeadersVariables } from 'hono/secure-headers'
import { streamSSE } from 'hono/streaming'
import { GatewayError } from '../errors.ts'
import { jsonResponse } from '../http/json-response.ts'
import type { AppEnv } from '../http/request-info.ts'
import { loadAssets } from './assets.ts'
import type { Console } from './console.ts'
import { consolePage } from './page.ts'

interface ConsoleEnv {
  Bindings: AppEnv['Bindings']
  Variables: AppEnv['Variables'] & SecureHeadersVariables
}

/** Nothing comes from elsewhere, nothing goes elsewhere, and nobody puts the page into a frame. */
const policy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'", NONCE],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}

const unchanged = 304

/** GET /console, its files, its data as JSON and as a stream of server-sent events. */
export function createConsoleRoutes(console: Pick<Console, 'everything' | 'watch'>): Hono<ConsoleEnv> {
  const assets = new Map(
    Array.from(loadAssets(), ([name, asset]) => {
      const etag = `"${createHash('sha256').update(asset.text).digest('base64url').slice(0, 16)}"`
      return [name, { ...asset, etag }] as const
    }),
  )
  const routes = new Hono<ConsoleEnv>()
  // What terminates TLS says whether the host is to be reached over TLS alone.
  routes.use(secureHeaders({ contentSecurityPolicy: policy, strictTransportSecurity: false }))
  routes.use('/data', compress())
  routes.use('/assets/*', compress())

  routes.get('/', (c) => {
    c.header('cache-control', 'no-store')
    return c.html(consolePage(c.get('secureHeadersNonce') ?? ''))
  })

  routes.get('/assets/:name', (c) => {
    const asset = assets.get(c.req.param('name'))
    if (asset === undefined) throw new GatewayError('unknown_route', 'the console has no such file')
    const headers = { etag: asset.etag, 'cache-control': 'no-cache' }
    if (c.req.header('if-none-match')?.includes(asset.etag) === true) return c.body(null, unchanged, headers)
    return c.body(asset.text, 200, { ...headers, 'content-type': asset.type })
  })

  routes.get('/data', (c) => jsonResponse(c, console.everything()))

  routes.get('/stream', (c) => {
    // Nobody would read it to its end, and so nobody would ever be counted off.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
    const updates = console.watch()
    if (updates === undefined) {
      const headers = { 'retry-after': '5' }
      throw new GatewayError('overloaded', 'too many consoles are open: close one', { headers })
    }
    // Proxies that buffer would make the stream a trickle.
    c.header('x-accel-buffering', 'no')
    const isAllowed = c.get('isStillAllowed')
    return streamSSE(c, async (stream) => {
      for await (const update of updates) {
        if (stream.aborted || (await isAllowed?.()) === false) return
        await stream.writeSSE({ data: JSON.stringify(update) })
      }
    })
  })
  return routes
}
