import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { WebhookConfig } from '../../../../gateway/config/config.ts'
import { readCredentials } from '../../../../gateway/events/webhooks/read-credentials.ts'
import { tempDir } from '../../../support/temp-dir.ts'

const hook = (facts: Partial<WebhookConfig>): WebhookConfig => ({
  name: 'hook',
  url: 'https://hooks.example.com/planted',
  secret: { variable: 'HOOK_SECRET' },
  kinds: ['winner_found'],
  timeoutMs: 1000,
  headers: {},
  ...facts,
})
const secret = (letter: string) => `whsec_${btoa(letter.repeat(32))}`
const reading = (variables: Record<string, string>) => (name: string) => variables[name]

test('takes secrets from a variable or a file, several of them while one replaces another', async () => {
  const file = join(await tempDir(), 'secret')
  await writeFile(file, `${secret('c')}\n`)
  const read = readCredentials(
    [hook({ headers: { authorization: 'HOOK_AUTH' } }), hook({ name: 'filed', secret: { file } })],
    reading({ HOOK_SECRET: `${secret('a')} ${secret('b')}`, HOOK_AUTH: 'Bearer x' }),
  )
  expect(read.get('hook')).toEqual({
    keys: [Buffer.from('a'.repeat(32)), Buffer.from('b'.repeat(32))],
    headers: { authorization: 'Bearer x' },
  })
  expect(read.get('filed')!.keys).toEqual([Buffer.from('c'.repeat(32))])
})

test('says everything that is missing at once, and nothing of what is secret', () => {
  const webhooks = [
    hook({ secret: { variable: 'PLAIN' }, headers: { a: 'UNSET', b: 'BROKEN' } }),
    hook({ name: 'none' }),
    hook({ name: 'short', secret: { variable: 'SHORT' } }),
    hook({ name: 'lost', secret: { file: '/nowhere/secret' } }),
  ]
  const variables = { PLAIN: 'planted', SHORT: `whsec_${btoa('planted')}`, BROKEN: 'planted\nplanted' }
  const read = () => readCredentials(webhooks, reading(variables))
  expect(read).toThrow(
    expect.objectContaining({
      code: 'cannot_start',
      message: expect.stringMatching(
        /hook: no secret at PLAIN.*\n.*set UNSET.*\n.*BROKEN cannot.*\n.*none: there is nothing at HOOK_SECRET.*\n.*short: no secret at SHORT.*\n.*lost: there is nothing at \/nowhere\/secret/,
      ),
    }),
  )
  expect(read).not.toThrow(/planted/)
})
