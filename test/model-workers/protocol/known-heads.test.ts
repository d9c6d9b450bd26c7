import { expect, test } from 'vitest'
import { decodeRequest, encodeRequest } from '../../../model-workers/protocol/binary.ts'
import { knowHeads } from '../../../model-workers/protocol/known-heads.ts'

/** Counts how often it is asked. */
function counting() {
  const heads: string[] = []
  const read = knowHeads((head) => {
    heads.push(head.toString())
    return { length: head.length }
  })
  return { heads, read: (text: string) => read(Buffer.from(text)) }
}

test('a head that comes again is not read again', () => {
  const { heads, read } = counting()
  const first = read('{"a":1}')
  expect(read('{"a":1}')).toBe(first)
  read('{"a":2}')
  expect(heads).toEqual(['{"a":1}', '{"a":2}'])
})

test('heads beyond a kibibyte are not kept, and of the others the newest 64 are', () => {
  const { heads, read } = counting()
  const long = 'x'.repeat(1025)
  read(long)
  read(long)
  expect(heads.splice(0)).toHaveLength(2)
  for (let i = 0; i < 65; i++) read(`${i}`)
  heads.length = 0
  for (let i = 1; i < 65; i++) read(`${i}`)
  expect(heads).toEqual([])
  read('0')
  expect(heads).toEqual(['0'])
})

test('what cannot be read is at fault every time', () => {
  const read = knowHeads(() => {
    throw new Error('no head')
  })
  expect(() => read(Buffer.from('a'))).toThrow('no head')
  expect(() => read(Buffer.from('a'))).toThrow('no head')
})

test('two heads that differ in bytes alone, none of them text, are two', () => {
  const read = knowHeads((head) => head[0])
  expect(read(Buffer.of(0xfe))).toBe(0xfe)
  expect(read(Buffer.of(0xff))).toBe(0xff)
})

test('messages with one head have tensors of their own, and other data in the head is another head', () => {
  const binary = (value: number) =>
    encodeRequest({ inputs: [{ name: 'x', datatype: 'UINT8', shape: [1], bytes: Uint8Array.of(value) }] })
  const inputOf = ({ headers, body }: ReturnType<typeof binary>) =>
    decodeRequest(Number(headers['inference-header-content-length']), body).request.inputs[0]!
  const [one, two] = [inputOf(binary(1)), inputOf(binary(2))]
  expect([...one.bytes, ...two.bytes]).toEqual([1, 2])
  const mixed = (value: number) => {
    const x = { name: 'x', datatype: 'UINT8', shape: [1], data: [value] }
    const y = { name: 'y', datatype: 'UINT8', shape: [1], parameters: { binary_data_size: 1 } }
    const head = Buffer.from(JSON.stringify({ inputs: [x, y] }))
    return inputOf({
      headers: { 'inference-header-content-length': `${head.length}` },
      body: Buffer.concat([head, Buffer.of(9)]),
    })
  }
  expect([mixed(3), mixed(4), mixed(3)].map(({ bytes }) => bytes[0])).toEqual([3, 4, 3])
})
