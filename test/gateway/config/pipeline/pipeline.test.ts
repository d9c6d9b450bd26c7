import { describe, expect, test } from 'vitest'
import { endpointFaults, soundConfig } from '../../../fixtures/sound-config.ts'

const endpoint = (text: string): string =>
  `models: { a: { onnx: a.onnx } }\nendpoints: { e: { arms: { x: { model: a } }, ${text} } }`
const block = (text: string): string => endpoint(`preprocess: { tensors: { x: [{ ${text} }] } }`)
const steps = (text: string): string => block(`columns: [a, b], steps: [${text}]`)

test('nothing is done to requests unless it is asked for', () => {
  expect(soundConfig(endpoint('deadline: 1s')).endpoints[0]).not.toHaveProperty('preprocess')
})

test('steps in their long and short forms', () => {
  const text = steps(
    '{ impute: 3 }, { clip: [0, 1] }, { scale: { min: 0, max: [1, 4] } }, { bucketise: [1, 2] }, { one_hot: [0, 1] }',
  )
  const { blocks } = soundConfig(text).endpoints[0]!.preprocess!.tensors[0]!
  expect(blocks[0]!.steps).toEqual([
    { kind: 'impute', value: 3, indicator: false },
    { kind: 'clip', low: 0, high: 1 },
    { kind: 'scale', centre: 0, spread: [1, 4] },
    { kind: 'bucketise', edges: [1, 2], encode: 'ordinal' },
    { kind: 'one_hot', categories: [['0', '1']], unknown: 'zeros', drop: 'none' },
  ])
})

test('models may stand before the arms, with or without steps before them', () => {
  const models = 'models: [{ model: a, outputs: { y: x } }]'
  const [alone, both] = [
    `preprocess: { ${models} }`,
    `preprocess: { ${models}, tensors: { x: [{ columns: [a] }] } }`,
  ]
  expect(soundConfig(endpoint(alone)).endpoints[0]!.preprocess).toEqual({
    models: [{ model: 'a', outputs: { y: 'x' } }],
    tensors: [],
  })
  expect(soundConfig(endpoint(both)).endpoints[0]!.preprocess!.tensors).toHaveLength(1)
})

describe('a fault is told with the step that it is in and how to mend it', () => {
  const at = 'preprocess.tensors.x.0'
  test.each([
    [endpoint('preprocess: {}'), 'preprocess: say what becomes of the fields: add tensors, or models'],
    [
      endpoint('preprocess: { models: [{ model: a }], module: { file: m.ts } }'),
      'preprocess: say what becomes of the fields: add tensors',
    ],
    [
      endpoint('preprocess: { models: [{ model: b }] }'),
      'preprocess.models.0.model: there is no model "b": did you mean a?',
    ],
    [
      endpoint('preprocess: { models: [{ model: a, inputs: { x: v, y: v } }] }'),
      'preprocess.models.0.inputs: two of them get the same name',
    ],
    [endpoint('preprocess: { tensors: {} }'), 'preprocess.tensors: there is no tensor'],
    [block('columns: []'), `${at}.columns: expected at least 1`],
    [block('columns: [a, a]'), `${at}.columns: one of them is there twice`],
    [steps('{ clip: [0, 1], log: ln }'), `${at}.steps.0: a step is one thing`],
    [steps('{}'), `${at}.steps.0: a step is one thing`],
    [steps('{ scal: { mean: 1 } }'), `${at}.steps.0.scal: there is no setting "scal": did you mean scale?`],
    [
      steps('{ scale: { mean: 1, max: 2 } }'),
      `${at}.steps.0.scale: expected mean and deviation, or min and max`,
    ],
    [steps('{ scale: { mean: [1, 2, 3] } }'), `${at}.steps.0: scale: the centre has 3 values for 2 columns`],
    [steps('{ scale: { min: 1, max: 1 } }'), `${at}.steps.0: scale: the spread of a has to be more than 0`],
    [steps('{ impute: none }, { log: ln }'), `${at}.steps.1: log takes numbers, and a has become text`],
    [steps('{ clip: [2, 1] }'), `${at}.steps.0: clip: expected the least value first`],
    [
      steps('{ bucketise: [2, 1] }'),
      `${at}.steps.0.bucketise: expected the edges between buckets in ascending`,
    ],
    [steps('{ one_hot: [[x], [y], [z]] }'), `${at}.steps.0: one_hot has 3 lists of categories for 2 columns`],
    [steps('{ one_hot: [x, x] }'), `${at}.steps.0: one_hot names a category twice`],
    [steps('{ hash: { buckets: 0 } }'), `${at}.steps.0.hash.buckets: expected at least 1`],
    [steps('{ log: ln2 }'), `${at}.steps.0.log: expected ln, log1p, log2, or log10`],
  ])('%s', (text, fault) => {
    expect(endpointFaults(text)).toEqual([expect.stringContaining(fault)])
  })
})

describe('what is done to outputs is held against the endpoint', () => {
  const after = (text: string, more = ''): string => endpoint(`postprocess: [${text}]${more}`)
  const slate = (text: string) =>
    endpoint(
      `preprocess: { tensors: { x: [{ columns: [a] }] } }, postprocess: [{ slate: { score: s, item: i, k: 10, ${text} } }]`,
    )
  test.each([
    [after('{}'), 'postprocess.0: a step is one thing'],
    [after('{ keep: [a], labels: { names: [a] } }'), 'postprocess.0: a step is one thing'],
    [
      after('{ keep: [a] }', ', reward: { from: label }'),
      'postprocess.0.keep: true labels are compared with "label"',
    ],
    [
      after('{ calibrate: { output: p } }'),
      'postprocess.0.calibrate: give one of platt, isotonic, temperature',
    ],
    [
      after('{ calibrate: { output: p, classes: [{ platt: { a: 1, b: 0 } }, {}] } }'),
      'postprocess.0.calibrate.classes.1: give one of platt and isotonic',
    ],
    [
      after('{ calibrate: { output: p, isotonic: { x: [1, 0], y: [0, 1] } } }'),
      'postprocess.0.calibrate.isotonic: expected x in ascending order',
    ],
    [after('{ treshold: { output: p, at: 1 } }'), 'did you mean threshold?'],
    [
      after('{ slate: { score: s, item: i, k: 3 } }'),
      'postprocess.0.slate: its candidates are named by a field',
    ],
    [slate('exposure: { by: g, least: { a: 0.6, b: 0.6 } }'), 'the least shares are more than 1 together'],
    [
      slate('cap: { by: g, most: 2 }, exposure: { by: g, least: { a: 0.3 } }'),
      'postprocess.0.slate.exposure.least.a: 0.3 of 10 places are more than the cap of 2',
    ],
  ])('%s', (text, fault) => {
    expect(endpointFaults(text)).toEqual(expect.arrayContaining([expect.stringContaining(fault)]))
  })
})

describe('where features come from is held against the endpoint', () => {
  const features = (text: string): string =>
    endpoint(`preprocess: { tensors: { x: [{ columns: [a] }] } }, features: { u: { ${text} } }`)
  const redis = (text: string): string =>
    features(`redis: 'redis://h', key: 'u:{id}', values: { a: number }, ${text}`)
  test.each([
    [
      endpoint("features: { u: { redis: 'redis://h', key: 'u:{id}', values: { a: number } } }"),
      'declare preprocess.tensors',
    ],
    [
      endpoint(
        "preprocess: { models: [{ model: a }] }, features: { u: { redis: 'redis://h', key: 'u:{id}', values: { a: number } } }",
      ),
      'declare preprocess.tensors',
    ],
    [features('values: { a: number }'), 'features.u: features come from one place'],
    [redis("feast: 'http://h'"), 'features.u: features come from one place'],
    [features("redis: 'redis://h', values: { a: number }"), 'features.u: the key of the hashes is missing'],
    [features("redis: 'redis://h', key: u, values: { a: number }"), 'features.u.key: it names no field'],
    [
      features("redis: 'redis://:secret@h', key: 'u:{id}', values: { a: number }"),
      'a password does not belong',
    ],
    [
      features("redis: 'http://h', key: 'u:{id}', values: { a: number }"),
      'features.u.redis: expected redis://',
    ],
    [redis('headers: { a: B }'), 'features.u.headers: redis has no use for it'],
    [redis('timeout: 0s'), 'features.u.timeout: expected a duration'],
    [features("redis: 'redis://h', key: 'u:{id}', values: {}"), 'features.u.values: there is no feature'],
    [
      features("redis: 'redis://h', key: 'u:{id}', values: { a: int }"),
      'features.u.values.a: expected number, text',
    ],
    [
      features("redis: 'redis://h', key: 'u:{id}', values: { a: { type: number, default: none } }"),
      'features.u.values.a.default: it is a number, and its default is not',
    ],
    [features("feast: 'http://h', values: { a: number }"), 'features.u: the entities are missing'],
    [
      features("feast: 'http://h', entities: { d: id }, values: { a: number }"),
      'features.u.values.a: Feast knows features by view and name',
    ],
    [
      endpoint(
        "preprocess: { tensors: { x: [{ columns: [a] }] } }, features: { u: { redis: 'redis://h', key: '{i}', values: { a: number } }, v: { redis: 'redis://h', key: '{i}', values: { a: text } } }",
      ),
      'features.v.values.a: u fetches it too',
    ],
  ])('%s', (text, fault) => {
    expect(endpointFaults(text)).toEqual(expect.arrayContaining([expect.stringContaining(fault)]))
  })
})
