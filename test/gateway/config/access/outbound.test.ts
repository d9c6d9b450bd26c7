import { expect, test } from 'vitest'
import { formatFault, parseConfig } from '../../../../gateway/config/parse-config.ts'

const file = (allow: string, url = 'http://triton:8000') => `
outbound: { allow: ${allow} }
auth:
  jwt: { issuer: i, audience: a, jwks_url: "https://login.test/keys", algorithms: [RS256] }
models:
  near: { onnx: ./near.onnx }
  far: { url: ["${url}", "http://10.0.0.7:8000"] }
events:
  webhooks: [{ url: "https://hooks.test/in", secret_env: HOOK_SECRET }]
telemetry: { otlp: "http://collector:4318" }
endpoints:
  e:
    arms: { a: { model: near }, b: { model: far } }
    preprocess: { tensors: { x: [{ columns: [age] }] } }
    features: { users: { feast: "http://feast:6566", entities: { user: user }, values: { age: { type: number, from: "user:age" } } } }
`

function faultsOf(text: string): string[] {
  const result = parseConfig(text, 'bandit.yaml')
  return 'faults' in result ? result.faults.map((fault) => formatFault(fault).replace(/^\S+ /, '')) : []
}

const everybody = '[triton, 10.0.0.0/8, feast, hooks.test, login.test, "collector:4318"]'

test('everybody that is called can be listed', () => {
  expect(faultsOf(file(everybody))).toEqual([])
})

test('who is called and not listed is told, each where it stands', () => {
  const mend = (host: string) => `${host} is not on the list: add it to outbound.allow`
  expect(faultsOf(file('[somebody]'))).toEqual([
    `auth.jwt.jwks_url: ${mend('login.test')}`,
    `models.far.url.0: ${mend('triton')}`,
    'models.far.url.1: 10.0.0.7 is not on the list: add it or its network to outbound.allow',
    `events.webhooks.0.url: ${mend('hooks.test')}`,
    `telemetry.otlp: ${mend('collector')}`,
    `endpoints.e.features.users.feast: ${mend('feast')}`,
  ])
})

test('a Redis with features is held to it too, each of its nodes', () => {
  const text = (allow: string) =>
    file(allow).replace(
      / {4}features: .*/,
      `    features:
      users: { redis: "redis-sentinel://one:26379,two:26379/main", key: "user:{user}", values: { age: number } }`,
    )
  const rest = '10.0.0.0/8'
  expect(faultsOf(text(`[one, "two:26379", triton, ${rest}]`))).toEqual([])
  const without = everybody.replace(', 10.0.0.0/8', ', "10.0.0.7:8000"').slice(1)
  expect(faultsOf(text(`[one, "two:26379", ${without}`))).toEqual([])
  expect(faultsOf(text(`[one, "two:6379", ${without}`))).toEqual([
    'endpoints.e.features.users.redis: two is not on the list: add it to outbound.allow',
  ])
})

test('names that are not listed may lead into a network that is', () => {
  expect(faultsOf(file('[10.0.0.0/8]'))).toEqual([])
  expect(faultsOf(file('[11.0.0.0/8]'))).toEqual([
    'models.far.url.1: 10.0.0.7 is not on the list: add it or its network to outbound.allow',
  ])
})

test('metadata of the cloud is refused without any list', () => {
  const text = file('[]', 'http://169.254.169.254/latest').replace(/^outbound.*$/m, '')
  expect(faultsOf(text)).toEqual(['models.far.url.0: 169.254.169.254 is an address that nobody may call'])
})

test('the store is held to no list, and to no metadata', () => {
  const stored = (at: string) => `store: ${at}\n${file('[10.0.0.0/8]')}`
  expect(faultsOf(stored('redis://elsewhere.example'))).toEqual([])
  expect(faultsOf(stored('redis-sentinel://one,169.254.169.254/main'))).toEqual([
    'store: 169.254.169.254 is an address that nobody may call',
  ])
})

test.each([
  ['["http://triton"]', 'expected a host such as triton'],
  ['["10.0.0.0/33"]', 'or a network such as 10.0.0.0/8'],
  ['["a.test/8"]', 'expected a host'],
  ['["a b"]', 'expected a host'],
  ['["*"]', 'expected a host'],
  ['[169.254.169.254]', 'nobody may call these addresses'],
  ['["fe80::/10"]', 'nobody may call these addresses'],
])('%s is no list', (allow, reason) => {
  const [fault, ...others] = faultsOf(file(allow))
  expect(fault).toMatch(/^outbound\.allow\.0: /)
  expect(fault).toContain(reason)
  expect(others).toEqual([])
})

test('all addresses can be allowed, but for those', () => {
  expect(faultsOf(file('["0.0.0.0/0", "::/0"]'))).toEqual([])
})
