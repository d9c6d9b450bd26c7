import { randomBytes, randomInt } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { apiKeyHash, createApiKey } from '../../../gateway/security/keys/api-key.ts'
import { routeRules } from '../../../gateway/security/route-rules.ts'
import { scopeNames, type Scope } from '../../../gateway/security/keys/scopes.ts'
import { digits, imageBody, predictPath } from '../bench/digits.ts'
import { demand, type Scenario } from '../bench/scenario.ts'

/** A key of each scope, and how a configuration knows them. */
function newKeys() {
  const keys = scopeNames.map((scope) => ({ scope, key: createApiKey(randomInt) }))
  const auth = {
    keys: keys.map(({ scope, key }) => ({ name: scope, scopes: [scope], sha256: apiKeyHash(key) })),
  }
  return { auth, keyFor: new Map<Scope, string>(keys.map(({ scope, key }) => [scope, key])) }
}

const json = { 'content-type': 'application/json' }
const bearer = (key: string) => ({ ...json, authorization: `Bearer ${key}` })
/** Ends only when the client leaves. */
const endless = 'GET /console/stream'

const matrix: Scenario = {
  id: 'G1',
  does: 'asks every route with a key of each scope, with none and with one that nobody was given',
  expects: '401 without, 403 with one for something else, else whatever the route answers',
  shownBy: 'test/gateway/security/authorise.test.ts',
  async run(bench) {
    const { auth, keyFor } = newKeys()
    const { call } = await bench.gateway({ config: digits({ models: ['logistic'], more: { auth } }) })
    const wrong: string[] = []
    let asked = 0
    for (const [route, { scope }] of Object.entries(routeRules).filter(([each]) => each !== endless)) {
      const [method, path] = route.split(' ') as [string, string]
      const address = path
        .replace(':endpoint', 'digits')
        .replace(':arm', 'logistic')
        .replace(':name', 'page.css')
      const expect = async (
        who: string,
        headers: Record<string, string>,
        isRight: (status: number) => boolean,
      ) => {
        const body = method === 'GET' ? {} : { body: '{}' }
        const { status } = await call(address, { method, headers, ...body })
        asked++
        if (!isRight(status)) wrong.push(`${route} ${who} ${status}`)
      }
      const passes = (status: number): boolean => status !== 401 && status !== 403
      await expect('without a key', json, (status) => (scope === 'open' ? passes(status) : status === 401))
      for (const [held, key] of keyFor) {
        const mayPass = scope === 'open' || scope === held || (scope === 'observe' && held === 'admin')
        await expect(`with ${held}`, bearer(key), (status) => (mayPass ? passes(status) : status === 403))
      }
    }
    demand(wrong.length === 0, wrong.join('; '))
    return `${asked} questions to ${Object.keys(routeRules).length - 1} routes, each answered as it should`
  },
}

const secrets: Scenario = {
  id: 'G9',
  does: 'plants a key and a signing secret, asks rightly and wrongly, and looks for them in all that comes out',
  expects: 'no part of them in logs, metrics, pages and answers',
  shownBy: 'test/e2e/gateway/secrets.test.ts',
  async run(bench) {
    const { auth, keyFor } = newKeys()
    const signing = randomBytes(24).toString('base64url')
    const config = digits({ models: ['logistic'], more: { auth, log: { access_sample: 1 } } })
    const gateway = await bench.gateway({
      config,
      env: { BANDIT_SIGNING_KEYS: `1:${signing}` },
      args: ['--log-level=trace'],
    })
    const out: string[] = []
    const ask = async (path: string, scope: Scope, body?: unknown) => {
      const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
      const answer = await gateway.call(path, { headers: bearer(keyFor.get(scope)!), ...sent })
      out.push(JSON.stringify(answer.headers), answer.text)
      return answer
    }
    const { body } = await ask(predictPath, 'predict', imageBody(0))
    const { prediction_id: id } = body as { prediction_id: string }
    await ask('/feedback', 'feedback', { prediction_id: id, reward: 1 })
    await ask('/feedback', 'feedback', { prediction_id: `${id}AAAA`, reward: 1 })
    await ask('/metrics', 'predict')
    for (const path of ['/endpoints', '/console', '/console/data', '/openapi.json', '/nowhere'])
      await ask(path, 'observe')
    const { text } = await ask('/metrics', 'metrics')
    demand(text.includes('bandit_access_total'), 'nobody counted the requests')
    gateway.process.kill('SIGTERM')
    await gateway.process.closed
    out.push(JSON.stringify(gateway.process.log()), gateway.process.stderr())
    const everything = out.join('\n')
    const parts = [signing, ...keyFor.values()].flatMap((secret) =>
      Array.from({ length: Math.floor((secret.length - 19) / 6) + 1 }, (_, at) =>
        secret.slice(7 + at * 6, 19 + at * 6),
      ),
    )
    const told = parts.filter((part) => part.length === 12 && everything.includes(part))
    demand(told.length === 0, `${told.length} parts of secrets came out`)
    return `${parts.length} parts of ${keyFor.size + 1} secrets, none of them in ${Math.round(everything.length / 1024)} KiB`
  },
}

const revoked: Scenario = {
  id: 'G4',
  does: 'takes a key out of the file of two gateways while it is used',
  expects: 'refused by both within 5 s; the other key of the file goes on',
  shownBy: 'test/gateway/security/keys/keys-file.test.ts',
  async run(bench) {
    const [going, staying] = [createApiKey(randomInt), createApiKey(randomInt)]
    const line = (name: string, key: string) =>
      `- { name: ${name}, scopes: [metrics], sha256: ${apiKeyHash(key)} }\n`
    const file = await bench.file('keys.yaml', line('going', going) + line('staying', staying))
    const config = digits({ models: ['logistic'], more: { auth: { keys_file: file } } })
    const gateways = [await bench.gateway({ config }), await bench.gateway({ config })]
    const ask = async (key: string): Promise<readonly number[]> =>
      Promise.all(gateways.map(async ({ call }) => (await call('/metrics', { headers: bearer(key) })).status))
    const before = await ask(going)
    demand(
      before.every((status) => status === 200),
      `it is answered ${before.join(', ')} at first`,
    )
    await writeFile(file, line('staying', staying))
    const takenAt = performance.now()
    let after: readonly number[] = [200]
    // Fewer questions than the wrong ones that an address has.
    while (after.includes(200) && performance.now() - takenAt < 8000) {
      await new Promise((resolve) => setTimeout(resolve, 250))
      after = await ask(going)
    }
    const tookMs = Math.round(performance.now() - takenAt)
    demand(tookMs < 5000, `it is answered ${after.join(', ')} after ${tookMs} ms`)
    demand(
      (await ask(staying)).every((status) => status === 200),
      'the other key is refused',
    )
    return `refused by both after ${tookMs} ms (${after.join(', ')}), the other one goes on`
  },
}

export const access: readonly Scenario[] = [matrix, revoked, secrets]
