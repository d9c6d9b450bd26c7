import { describe, expect, test } from 'vitest'
import { eventLevels } from '../../../../gateway/events/event.ts'
import { parseConfig } from '../../../../gateway/config/parse-config.ts'

const base = { models: { a: { onnx: 'a.onnx' } }, endpoints: { e: { arms: { one: { model: 'a' } } } } }
const parse = (events?: unknown) =>
  parseConfig(JSON.stringify({ ...base, ...(events !== undefined && { events }) }), '/etc/bandit.yaml')
const sound = { url: 'https://hooks.example.com/bandit', secret_env: 'HOOK_SECRET' }

describe('events', () => {
  test('are sent to nobody unless it is asked for', () => {
    expect(parse()).toHaveProperty('config.events', { source: 'bandit-gateway', webhooks: [] })
  })

  test('need an address and a secret alone', () => {
    expect(parse({ webhooks: [sound] })).toHaveProperty('config.events.webhooks', [
      {
        name: 'hooks.example.com',
        url: 'https://hooks.example.com/bandit',
        secret: { variable: 'HOOK_SECRET' },
        kinds: Object.keys(eventLevels),
        timeoutMs: 10_000,
        headers: {},
      },
    ])
  })

  test('may be chosen, and the secret may be in a file, from the folder of this one', () => {
    const webhook = {
      name: 'pager',
      url: 'http://[::1]:9000',
      secret_file: './hook.secret',
      kinds: ['winner_found', 'feedback_stalled'],
      timeout: '2s',
      headers_env: { authorization: 'HOOK_AUTH' },
    }
    expect(parse({ source: 'https://gateway.example', webhooks: [webhook] })).toMatchObject({
      config: {
        events: {
          source: 'https://gateway.example',
          webhooks: [
            {
              name: 'pager',
              secret: { file: '/etc/hook.secret' },
              kinds: ['winner_found', 'feedback_stalled'],
              timeoutMs: 2000,
              headers: { authorization: 'HOOK_AUTH' },
            },
          ],
        },
      },
    })
  })

  test.each([
    [{ kinds: ['winer_found'] }, 'kinds.0', /did you mean winner_found\?/],
    [{ kinds: 'some' }, 'kinds', /expected all, or a list/],
    [{ kinds: [] }, 'kinds', /./],
    [{ url: 'hooks.example.com' }, 'url', /https:\/\//],
    [{ url: 'http://hooks.example.com' }, 'url', /allow_http/],
    [{ url: 'https://user:planted@hooks.example.com' }, 'url', /headers_env/],
    [{ secret_env: 'whsec_planted' }, 'secret_env', /name of an environment variable/],
    [{ secret_file: 'x' }, undefined, /two secrets/],
    [{ secret_env: undefined }, undefined, /add secret_env or secret_file/],
    [{ headers_env: { 'Webhook-Id': 'X' } }, 'headers_env.Webhook-Id', /set by the gateway/],
    [{ headers_env: { authorization: 'Bearer planted' } }, 'headers_env.authorization', /name of an env/],
    [{ timeout: '1h' }, 'timeout', /duration/],
    [{ retries: 3 }, 'retries', /no setting/],
  ])('a webhook with %o is refused at %s', (slip, path, message) => {
    const at = path === undefined ? 'events.webhooks.0' : `events.webhooks.0.${path}`
    const result = parse({ webhooks: [{ ...sound, ...slip }] })
    expect(result).toMatchObject({ faults: [{ path: at, message: expect.stringMatching(message) }] })
    expect(JSON.stringify(result)).not.toContain('planted')
  })

  test('two webhooks have two names; http:// is allowed where it is asked for', () => {
    const plain = { url: 'http://hooks.internal', secret_env: 'A', allow_http: true }
    expect(parse({ webhooks: [plain, { ...plain, name: 'second' }] })).toHaveProperty('config')
    expect(parse({ webhooks: [plain, plain] })).toMatchObject({ faults: [{ path: 'events.webhooks.1' }] })
  })
})
