import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runTables } from '../../../cli/simulate/run-tables.ts'
import { small } from '../../bandit/simulate/tables/small-table.ts'

const silent = { show: () => {}, clear: () => {} }

const run = async (reference: number) => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'bandit-tables-'))
  const [json, markdown] = [join(dir.path, 'tables.json'), join(dir.path, 'TABLES.md')]
  const printed: string[] = []
  const code = await runTables([small(10), { ...small(reference), name: 'second' }], {
    effort: 'full',
    cores: 1,
    json,
    markdown,
    startBar: () => silent,
    print: (lines) => printed.push(...lines),
    today: () => new Date('2026-01-02'),
  })
  return {
    code,
    last: printed.at(-1),
    json: JSON.parse(await readFile(json, 'utf8')) as unknown,
    markdown: await readFile(markdown, 'utf8'),
  }
}

test('tables that are reproduced are told, written down, and end well', async () => {
  const { code, last, json, markdown } = await run(10)
  expect([code, last]).toEqual([0, 'every table reproduced'])
  expect(json).toMatchObject([
    { name: 'small', passed: true },
    { name: 'second', passed: true },
  ])
  expect(markdown).toContain('| second | 1 of 1 | 1 |')
  expect(markdown).toContain('## second\n\ntwo arms. Source: arithmetic.')
})

test('a single row outside is a failure, and is written down as one', async () => {
  const { code, last, json, markdown } = await run(11)
  expect([code, last]).toEqual([1, 'NOT reproduced: second'])
  expect(json).toMatchObject([{ passed: true }, { passed: false }])
  expect(markdown).toContain('| second | 0 of 1 | 1 |')
  expect(markdown).toMatch(/\| 11 \|.*\| outside \|/)
})
