import { errorCatalogue, type ErrorCode } from '../errors.ts'
import { routeRules, type RouteRule } from '../security/route-rules.ts'
import { inferenceStatus } from '../inference-protocol/error-response.ts'
import { componentSchemas, inferenceErrorReference, problemReference, toJsonSchema } from './components.ts'
import type { Content, Operation } from './operation.ts'
import { operations } from './operations.ts'

export interface DocumentedGateway {
  /** Those that this gateway has, as its router names them. */
  readonly routes: readonly { readonly method: string; readonly path: string }[]
  readonly version: string
  /** Whether requests need a key. */
  readonly hasKeys: boolean
}

/** What is wrong with the head of any request, in a problem document whatever the route. */
const headCodes: readonly ErrorCode[] = [
  'malformed_path',
  'repeated_host',
  'foreign_page',
  'unknown_host',
  'too_many_headers',
]
/** What a route that needs a key may answer. */
const withKeys: readonly ErrorCode[] = ['unauthenticated', 'forbidden', 'rate_limited', 'issuer_unavailable']

/** The OpenAPI 3.1 document of a gateway: the routes that it has, and no others. */
export function openApiDocument({ routes, version, hasKeys }: DocumentedGateway): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const { method, path } of routes) {
    const operation = operations[`${method} ${path}`]
    if (operation === undefined) continue
    const rule = routeRules[`${method} ${path}`]
    const item = (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {})
    item[method.toLowerCase()] = toOperation(path, operation, hasKeys ? rule : undefined)
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'bandit-gateway',
      version,
      description: 'Sends each prediction request to one of several models, and learns from feedback which',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // A path of its own, so that it holds behind any host and proxy.
    servers: [{ url: '/' }],
    paths,
    components: { schemas: componentSchemas(), ...(hasKeys && { securitySchemes }) },
  }
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A key of the gateway, or a token of its issuer' },
  key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
  browser: { type: 'http', scheme: 'basic', description: 'The key as password of any user; to look only' },
}

function toOperation(path: string, operation: Operation, rule: RouteRule | undefined): object {
  const { id, tag, summary, body } = operation
  const isGuarded = rule !== undefined && rule.scope !== 'open'
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(isGuarded && { security: securityOf(rule), 'x-scope': rule.scope }),
    parameters: Array.from(path.matchAll(/:(\w+)/g), ([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...(body && { requestBody: { required: true, content: toContent(body, true) } }),
    responses: toResponses(operation, isGuarded ? withKeys : []),
  }
}

function securityOf({ scope, isForBrowsers = false }: RouteRule): object[] {
  return [{ bearer: [scope] }, { key: [scope] }, ...(isForBrowsers ? [{ browser: [scope] }] : [])]
}

type Responses = Record<string, { readonly description: string; readonly content?: object }>

/** By status: what is answered, and the errors that may be, with the codes they may carry. */
function toResponses({ answers, problems, dialect }: Operation, more: readonly ErrorCode[]): Responses {
  const responses: Responses = {}
  for (const [status, { description, content }] of Object.entries(answers))
    responses[status] = { description, ...(content && { content: toContent(content, false) }) }
  const own: ErrorCode[] = [...problems, 'internal', ...more]
  if (dialect === 'inference') {
    addErrors(responses, headCodes, problemContent)
    addErrors(responses, own, () => inferenceContent, inferenceStatus)
  } else addErrors(responses, [...headCodes, ...own], problemContent)
  return responses
}

function addErrors(
  responses: Responses,
  codes: readonly ErrorCode[],
  toErrorContent: (codes: readonly ErrorCode[]) => object,
  statusOf = (code: ErrorCode): number => errorCatalogue[code].status,
): void {
  for (const [status, of] of Map.groupBy(new Set(codes), statusOf)) {
    const { description, content } = responses[status] ?? {}
    const titles = of.map((code) => `${code}: ${errorCatalogue[code].title}`)
    responses[status] = {
      description: [...(description === undefined ? [] : [description]), ...titles].join('. '),
      content: { ...content, ...toErrorContent(of) },
    }
  }
}

function problemContent(codes: readonly ErrorCode[]): object {
  const schema = { allOf: [problemReference, { properties: { code: { enum: codes } } }] }
  return { 'application/problem+json': { schema } }
}

const inferenceContent = { 'application/json': { schema: inferenceErrorReference } }

function toContent(content: Content, isClosed: boolean): object {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [type, { schema: toJsonSchema(schema, isClosed) }]),
  )
}
