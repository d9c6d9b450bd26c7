import { identityModel, unaryModel } from '../fixtures/onnx-models.ts'
import type { Bench, BenchGateway } from './bench/bench.ts'
import type { Reply } from './bench/caller.ts'
import { demand, type Scenario } from './bench/scenario.ts'

/** Text that is sent, and what may come of it: statuses, or a check of the answer. */
type Case = readonly [
  name: string,
  text: string | Uint8Array,
  expected: readonly number[] | ((reply: Reply) => boolean),
]

/** Endpoints by the type of the one input that they give back: f32, i64. */
const start = (bench: Bench): Promise<BenchGateway> =>
  bench.sharedGateway('inputs', async (common) => ({
    config: {
      models: {
        f32: { onnx: await common.file('f32.onnx', identityModel('FP32')) },
        i64: { onnx: await common.file('i64.onnx', identityModel('INT64')) },
        log: { onnx: await common.file('log.onnx', unaryModel('Log', { datatype: 'FP32' })) },
      },
      endpoints: Object.fromEntries(
        ['f32', 'i64', 'log'].map((name) => [name, { arms: { only: { model: name } } }]),
      ),
    },
  }))

async function tryAll(gateway: BenchGateway, path: string, cases: readonly Case[]): Promise<string> {
  const seen: string[] = []
  const faults: string[] = []
  for (const [name, text, expected] of cases) {
    const headers = { 'content-type': 'application/json' }
    const replies: Reply[] = []
    // The quickest of three, as other processes of the machine are in the way of any one.
    for (let time = 0; time < 3; time++) {
      replies.push(await gateway.call(path, { method: 'POST', headers, body: text }))
    }
    const reply = replies.sort((a, b) => a.ms - b.ms)[0]!
    const words = `${name} ${reply.status}`
    seen.push(words)
    const held = typeof expected === 'function' ? expected(reply) : expected.includes(reply.status)
    if (!held)
      faults.push(`${words} ${JSON.stringify(reply.body).slice(0, 120)} in ${reply.ms.toFixed(1)} ms`)
  }
  demand(faults.length === 0, faults.join('; '))
  demand((await gateway.call('/livez')).status === 200, 'the gateway is not alive')
  return seen.join('; ')
}

const x = (values: string): string => `{"inputs":{"x":[[${values}]]}}`
const isProblem = ({ status }: Reply): boolean => status === 400 || status === 422
function scenario(id: string, does: string, expects: string, path: string, cases: readonly Case[]): Scenario {
  return {
    id,
    does,
    expects,
    run: async (bench) => tryAll(await start(bench), path, cases),
  }
}

const f32 = '/predict/f32'
const deep = '['.repeat(500_000)

export const inputs: readonly Scenario[] = [
  scenario('C1', 'sends 1e400, NaN, -0 and 1e39 to FP32', '422 or 400, 400, 200, 422', f32, [
    ['1e400', x('1e400, 1'), isProblem],
    ['NaN', x('NaN, 1'), [400]],
    ['-0', x('-0, 1'), [200]],
    ['1e39', x('1e39, 1'), [422]],
  ]),
  scenario('C2', 'sends text, null and lists among numbers', '422 each', f32, [
    ['text', x('"a", 1'), [422]],
    ['null', x('null, 1'), [422]],
    ['true', x('true, 1'), [422]],
    ['object', x('{}, 1'), [422]],
  ]),
  scenario(
    'C3',
    'sends whole numbers beyond a double to INT64',
    'kept to the last digit, or 422',
    '/predict/i64',
    [
      [
        '2^53+1',
        x('9007199254740993, 1'),
        ({ status, text }) => status === 200 && text.includes('9007199254740993'),
      ],
      ['2^63', x('9223372036854775808, 1'), [422]],
      ['1.5', x('1.5, 1'), [422]],
    ],
  ),
  scenario('C4', 'sends shapes that lie', '422 before anything is allocated', f32, [
    ['ragged', '{"inputs":{"x":[[1,2],[3]]}}', [422]],
    ['product', '{"inputs":{"x":[1,2,3]}}', [422]],
    ['33 dimensions', `{"inputs":{"x":${'['.repeat(33)}1${']'.repeat(33)}}}`, isProblem],
    ['shape', '{"inputs":{"x":{"shape":[2147483648,2147483648],"data":[1]}}}', [422]],
  ]),
  scenario('C5', 'sends half a million open brackets', '400 in 100 ms', f32, [
    ['[ × 500,000', deep, ({ status, ms }) => status === 400 && ms < 100],
  ]),
  scenario(
    'C6',
    'sends 50,000 keys, and a number of half a million digits',
    '413 or 422 or 400 in 100 ms',
    f32,
    [
      [
        '50,000 keys',
        `{"inputs":{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join(',')}}}`,
        ({ status, ms }) => status === 422 && ms < 100,
      ],
      [
        'a long number',
        x(`${'1'.repeat(500_000)}, 1`),
        ({ status, ms }) => (status === 400 || status === 422) && ms < 100,
      ],
    ],
  ),
  scenario('C7', 'names inputs, endpoints and contexts after what every object has', '422 or 404', f32, [
    ['__proto__', '{"inputs":{"__proto__":[[1,2]]}}', [422]],
    ['constructor', '{"inputs":{"constructor":[[1,2]]}}', [422]],
    ['endpoint', '{"inputs":{"x":[[1,2]]},"endpoint":"toString"}', [422, 404]],
    ['field', '{"__proto__":{"inputs":1},"inputs":{"x":[[1,2]]}}', [422, 400]],
  ]),
  scenario('C8', 'makes a model answer NaN', '502 without the words of the runtime', '/predict/log', [
    [
      'log(-1)',
      x('-1, 1'),
      ({ status, body }) => status === 502 && !/onnx|\/tmp/i.test(JSON.stringify(body)),
    ],
    ['log(0)', x('0, 1'), ({ status }) => status === 200 || status >= 500],
  ]),
  scenario('C9', 'sends a BOM, a trailing comma, UTF-16 and a reward named twice', '400', f32, [
    ['BOM', `\uFEFF${x('1, 2')}`, [400]],
    ['trailing comma', '{"inputs":{"x":[[1,2]]},}', [400]],
    ['UTF-16', Buffer.from(x('1, 2'), 'utf16le'), [400]],
    ['half a value', '{"inputs":{"x":[[1,2', [400]],
  ]),
]
