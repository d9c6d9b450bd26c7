import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseKeys } from '../../../../gateway/config/access/parse-keys.ts'
import { openKeysFile } from '../../../../gateway/security/keys/keys-file.ts'
import { newKey } from '../../../fixtures/access.ts'
import { quietLogger } from '../../../fixtures/quiet-logger.ts'
import { tempDir } from '../../../support/temp-dir.ts'

const line = (name: string, sha256: string) => `- { name: ${name}, scopes: [predict], sha256: ${sha256} }\n`
const one = newKey('one')
const two = newKey('two')
const fixed = newKey('fixed')

async function open(text: string) {
  const path = join(await tempDir(), 'keys.yaml')
  await writeFile(path, text)
  const file = await openKeysFile({ path, others: [fixed.config], endpoints: ['e'], logger: quietLogger })
  const nameOf = (key: string) => {
    const found = file.ring().find(key)
    return typeof found === 'string' ? found : found.name
  }
  return { path, file, names: () => [one.key, two.key, fixed.key].map(nameOf) }
}

test('a key that is put in is known, and one that is taken out is not, without a restart', async () => {
  const { path, file, names } = await open(line('one', one.config.sha256))
  expect(names()).toEqual(['one', 'unknown', 'fixed'])
  await writeFile(path, line('two', two.config.sha256))
  await file.look()
  expect(names()).toEqual(['unknown', 'two', 'fixed'])
})

test.each([
  ['faulty', (path: string) => writeFile(path, '- { name: x }')],
  ['gone', (path: string) => rm(path)],
  ['half written', (path: string) => writeFile(path, line('one', one.config.sha256).slice(0, 40))],
])('a file that is %s changes nothing, until it is mended', async (_what, spoil) => {
  const { path, file, names } = await open(line('one', one.config.sha256))
  await spoil(path)
  await file.look()
  expect(names()).toEqual(['one', 'unknown', 'fixed'])
  await writeFile(path, line('two', two.config.sha256))
  await file.look()
  expect(names()).toEqual(['unknown', 'two', 'fixed'])
})

test('at the start every fault is told with its place', async () => {
  await expect(open('- { name: a, scopes: [predict], sha256: x, endpoints: [f] }')).rejects.toThrow(
    /^the keys are not valid\n.*keys\.yaml:1:\d+ 0\.sha256: expected 64 hex digits.*\n.*:1:\d+ 0\.endpoints\.0: there is no endpoint f/,
  )
  const result = parseKeys('{', 'k', [])
  expect('faults' in result && result.faults.length).toBeGreaterThan(0)
})
