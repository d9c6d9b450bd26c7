import fc from 'fast-check'

/** Names that every object has, or that mean something to somebody. */
export const hostileNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  '../../etc/passwd',
  'a\u0000b',
  '\u202Egpj',
  'x'.repeat(300),
] as const

/** Values that are where they should not be. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...hostileNames),
  fc.constantFrom<unknown>(
    null,
    true,
    -0,
    1e308,
    -1e308,
    5e-324,
    2 ** 53,
    1.5,
    [],
    {},
    [[]],
    [null],
    '1',
    ' ',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 3 }),
  fc
    .integer({ min: 20, max: 60 })
    .map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown),
)

/** Nearly always what it should be. */
export function mostly(sound: fc.Arbitrary<unknown>, weight = 15): fc.Arbitrary<unknown> {
  return fc.oneof({ weight, arbitrary: sound }, { weight: 1, arbitrary: hostileValue })
}

/** Text with a bit of it spoilt. */
export function spoilt(text: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const change = fc.constantFrom(
    '',
    '"',
    '[',
    '}',
    '\\',
    '\n',
    ',',
    '1e400',
    '-',
    '\uFEFF',
    '{"a":',
    '9'.repeat(400),
  )
  const cut = fc.tuple(text, fc.nat(), fc.nat(20), change).map(([whole, at, length, more]) => {
    const place = at % (whole.length + 1)
    return Buffer.from(whole.slice(0, place) + more + whole.slice(place + length))
  })
  const bytes = fc.tuple(text, fc.nat(), fc.nat(255)).map(([whole, at, byte]) => {
    const buffer = Buffer.from(whole)
    if (buffer.length > 0) buffer[at % buffer.length] = byte
    return buffer
  })
  // The same name twice: the first field of an object again, with another value.
  const twice = text.map((whole) => Buffer.from(whole.replace(/^\{("(?:[^"\\]|\\.)*"):/, '{$1:null,$1:')))
  return fc.oneof(
    { weight: 10, arbitrary: text.map((whole) => Buffer.from(whole)) },
    { weight: 3, arbitrary: cut },
    { weight: 2, arbitrary: bytes },
    { weight: 1, arbitrary: twice },
    { weight: 1, arbitrary: text.map((whole) => Buffer.from(whole, 'utf16le')) },
    {
      weight: 1,
      arbitrary: text.map((whole) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(whole)])),
    },
  )
}
