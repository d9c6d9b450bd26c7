import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRows, type Row } from '../../../cli/batch/read-rows.ts'
import { tempDir } from '../../support/temp-dir.ts'

async function rowsOf(content: string, format: 'ndjson' | 'csv'): Promise<Row[]> {
  const file = join(await tempDir(), 'rows')
  await writeFile(file, content)
  return Array.fromAsync(openRows(file, format).rows)
}

test('a line is a whole request or its inputs alone; blank lines are no rows, and what is no row says why', async () => {
  const content = '{"x":[1]}\r\n\n{"inputs":{"x":[2]},"key":"u"}\n[1]\n{"x":\n{"x":[3]}'
  expect(await rowsOf(content, 'ndjson')).toEqual([
    { number: 0, body: { inputs: { x: [1] } } },
    { number: 1, body: { inputs: { x: [2] }, key: 'u' } },
    { number: 2, body: { unreadable: 'the line is not an object' } },
    { number: 3, body: { unreadable: expect.stringMatching(/^the line is not JSON: /) } },
    { number: 4, body: { inputs: { x: [3] } } },
  ])
})

test('columns of CSV are inputs, elements of inputs, context and key', async () => {
  const content =
    '\uFEFFage,plan,x[0],x[1],on,context.country,key\n42,"a, b",0.5,-1e3,true,DE,u1\n,7up,1,2,false,,\n'
  expect(await rowsOf(content, 'csv')).toEqual([
    {
      number: 0,
      body: {
        inputs: { age: 42, plan: 'a, b', x: [0.5, -1000], on: true },
        context: { country: 'DE' },
        key: 'u1',
      },
    },
    { number: 1, body: { inputs: { plan: '7up', x: [1, 2], on: false } } },
  ])
})

test('a row of CSV that has not as many cells as there are columns says so, with its line, and the next is read', async () => {
  expect(await rowsOf('a,b\n1,2\n3\n4,5,6\n7,8\n', 'csv')).toEqual([
    { number: 0, body: { inputs: { a: 1, b: 2 } } },
    { number: 1, body: { unreadable: expect.stringContaining('got 1 on line 3') } },
    { number: 2, body: { unreadable: expect.stringContaining('got 3 on line 4') } },
    { number: 3, body: { inputs: { a: 7, b: 8 } } },
  ])
})

test('a file that is not there is told of', async () => {
  await expect(Array.fromAsync(openRows('/nowhere/rows', 'ndjson').rows)).rejects.toThrow('ENOENT')
  await expect(Array.fromAsync(openRows('/nowhere/rows', 'csv').rows)).rejects.toThrow('ENOENT')
})
