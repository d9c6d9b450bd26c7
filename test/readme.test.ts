import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toFiles } from '../docs/reference/to-files.ts'
import { formatFault, parseConfig } from '../gateway/config/parse-config.ts'
import { errorCatalogue } from '../gateway/errors.ts'

const root = join(import.meta.dirname, '..')
const readme = read('README.md')
const access = read('docs/access.md')
const requests = read('docs/requests.md')

test('the configuration in the README is a valid one', () => {
  const yaml = /^## Configure it[^]*?```yaml\n([^]*?)```/m.exec(readme)![1]!
  const result = parseConfig(yaml, 'README.md')
  expect('faults' in result ? result.faults.map(formatFault) : []).toEqual([])
})

test('the settings for keys in docs/access.md are valid with it', () => {
  const [, configuration] = /^## Configure it[^]*?```yaml\n([^]*?)```/m.exec(readme)!
  const [auth] = /^auth:\n  keys_file[^]*?(?=```)/m.exec(access)!
  const result = parseConfig(`${configuration}${auth}`, 'access.md')
  expect('faults' in result ? result.faults.map(formatFault) : []).toEqual([])
})

test('the list of whom the gateway may call in docs/access.md is valid with it', () => {
  const [, configuration] = /^## Configure it[^]*?```yaml\n([^]*?)```/m.exec(readme)!
  const [list] = /^outbound:\n[^]*?(?=```)/m.exec(access)!
  const result = parseConfig(`${configuration}${list}`, 'access.md')
  expect('faults' in result ? result.faults.map(formatFault) : []).toEqual([])
})

test('the steps and features in docs/requests.md are valid', () => {
  const yaml = /^## From fields to answers[^]*?```yaml\n([^]*?)```/m.exec(requests)![1]!
  const arms = '  churn:\n    arms: { a: { model: a } }\n'
  const text = `models: { a: { onnx: ./a.onnx } }\n${yaml.replace('  churn:\n', arms)}`
  const result = parseConfig(text, 'requests.md')
  expect('faults' in result ? result.faults.map(formatFault) : []).toEqual([])
})

test('the HTTP status of every refused feedback in the README is the one that is sent', () => {
  const sent = {
    unknown: 'unknown_prediction',
    late: 'late_feedback',
    forged: 'forged_prediction_id',
    invalid: 'invalid_feedback',
  } as const
  for (const [word, code] of Object.entries(sent)) {
    expect(readme).toContain(`| ${word} | ${errorCatalogue[code].status} |`)
  }
})

test.each([...toFiles()])('docs/%s is what `npm run docs` writes', (name, text) => {
  expect(read(`docs/${name}`)).toBe(text)
})

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
