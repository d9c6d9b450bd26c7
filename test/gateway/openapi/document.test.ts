import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { createConsole } from '../../../gateway/console/console.ts'
import { operations } from '../../../gateway/openapi/operations.ts'
import { accessByScope, bearer } from '../../fixtures/access.ts'
import { createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, type TestGateway } from '../../fixtures/gateway-app.ts'
import type { OpenApiDocument } from '../../fixtures/openapi.ts'

const endpoint = createFakeEndpoint({ name: 'planets' })
const console = createConsole({
  endpoints: new Map([[endpoint.name, endpoint]]),
  workers: () => [],
  clock: () => 1_000_000,
})
const { access, keys } = accessByScope()
const open = createTestGateway([endpoint], { console })
const guarded = createTestGateway([endpoint], { console, access })

async function documentOf({ app }: TestGateway): Promise<OpenApiDocument> {
  const response = await app.request('/openapi.json')
  expect(response.status).toBe(200)
  return (await response.json()) as OpenApiDocument
}

describe.each([
  ['without keys', open],
  ['with keys', guarded],
])('%s', (_, gateway) => {
  test('the document is one of OpenAPI 3.1, by its meta-schema', async () => {
    const result = await new Validator().validate((await documentOf(gateway)) as never)
    expect(result).toMatchObject({ valid: true })
  })

  test('every route of the router is in it, and nothing else', async () => {
    const { paths } = await documentOf(gateway)
    const documented = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const routes = gateway.app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    expect(documented.toSorted()).toEqual([...new Set(routes)].toSorted())
  })

  test('operations have ids of their own, and references lead somewhere', async () => {
    const document = await documentOf(gateway)
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
      expect(document.components.schemas).toHaveProperty(name!)
    expect(JSON.stringify(document)).not.toContain('"$ref":"#/$defs')
  })
})

test('no operation is without its route', () => {
  const routes = new Set(open.app.routes.map(({ method, path }) => `${method} ${path}`))
  expect(Object.keys(operations).filter((each) => !routes.has(each))).toEqual([])
})

test('a gateway without a console does not tell of one', async () => {
  const { paths } = await documentOf(createTestGateway([endpoint]))
  expect(Object.keys(paths).filter((path) => path.startsWith('/console'))).toEqual([])
})

test('what a route asks of a key stands there, where there are keys', async () => {
  const { paths } = await documentOf(guarded)
  expect(paths['/predict']?.['post']?.security).toEqual([{ bearer: ['predict'] }, { key: ['predict'] }])
  expect(paths['/endpoints']?.['get']?.security).toContainEqual({ browser: ['observe'] })
  expect(paths['/livez']?.['get']?.security).toBeUndefined()
  expect(paths['/predict']?.['post']?.responses).toHaveProperty('401')
  expect((await documentOf(open)).paths['/predict']?.['post']?.responses).not.toHaveProperty('401')
})

test('it is told without a key and holds nothing of this gateway', async () => {
  const text = JSON.stringify(await documentOf(guarded))
  expect(text).not.toContain('planets')
  const response = await guarded.app.request('/openapi.json', { headers: bearer(keys.metrics) })
  expect(response.status).toBe(200)
})
