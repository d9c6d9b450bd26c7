import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatFault, parseConfig } from '../gateway/config/parse-config.ts'
import { errorCatalogue } from '../gateway/errors.ts'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')

test('the configuration in the README is a valid one', () => {
  const yaml = /^## Configure it[^]*?```yaml\n([^]*?)```/m.exec(readme)![1]!
  const result = parseConfig(yaml, 'README.md')
  expect('faults' in result ? result.faults.map(formatFault) : []).toEqual([])
})

test('the settings for keys in the README are valid with it', () => {
  const [, configuration] = /^## Configure it[^]*?```yaml\n([^]*?)```/m.exec(readme)!
  const [auth] = /^auth:\n  keys_file[^]*?(?=```)/m.exec(readme)!
  const result = parseConfig(`${configuration}${auth}`, 'README.md')
  expect('faults' in result ? result.faults.map(formatFault) : []).toEqual([])
})

test('the steps and features in the README are valid', () => {
  const yaml = /^### From fields to answers[^]*?```yaml\n([^]*?)```/m.exec(readme)![1]!
  const arms = '  churn:\n    arms: { a: { model: a } }\n'
  const text = `models: { a: { onnx: ./a.onnx } }\n${yaml.replace('  churn:\n', arms)}`
  const result = parseConfig(text, 'README.md')
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
