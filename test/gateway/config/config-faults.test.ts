import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../gateway/config/parse-config.ts'
import { faultLines } from '../../fixtures/sound-config.ts'
import { endpoint, expectFault, type FaultCase, model, models, rest, top, arm } from './fixtures/faulty.ts'

describe('a fault is told with its place and how to mend it', () => {
  test.each<FaultCase>([
    ['an unknown setting', top('»lisen: x'), 'lisen', /did you mean listen\?/],
    [
      'nothing like it',
      top('»zzzzzzzz: x'),
      'zzzzzzzz',
      /known here are listen, hosts, origins, auth, store, store_tls, journal, journal_size, journal_keep, journal_wait, checkpoint, models/,
    ],
    ['two documents', top('log: {}\n»---\nlog: {}'), '', /a second document begins here/],
    ['a key twice', top('log: {}\n»log: {}'), '', /this key is there twice/],
    ['an open bracket', top('log: {»'), '', /must be/],
    ['an unknown tag', top('log: »!x {}'), '', /!x/],
    ['no port', top('listen: »localhost'), 'listen', /expected host:port/],
    ['a port too high', top('listen: »a:65536'), 'listen', /expected host:port/],
    ['an unknown store', top('store: »mysql://x'), 'store', /expected sqlite/],
    ['no master', top('store: »redis-sentinel://x'), 'store', /the name of the master/],
    ['a database', top('store: »redis-cluster://x/1'), 'store', /no database but 0/],
    ['two servers', top('store: »redis://x,y'), 'store', /redis-cluster:\/\/host/],
    ['a password of many', top('store: »redis-cluster://joe:p@x,y'), 'store', /BANDIT_REDIS_PASSWORD/],
    ['a password', top('store: »redis://:p@x'), 'store', /BANDIT_REDIS_PASSWORD/],
    ['a level', top('log: { level: »loud }'), 'log.level', /expected trace, .*found "loud"/],
    ['a size', top('limits: { predict_body: »1MB }'), 'limits.predict_body', /expected a size/],
    ['a small size', top('limits: { feedback_body: »1B }'), 'limits.feedback_body', /from 1KiB/],
    [
      'no lines',
      top('limits: { feedback_batch_lines: »0 }'),
      'limits.feedback_batch_lines',
      /at least 1, found 0/,
    ],
    ['many replicas', model('replicas: »65'), 'models.a.replicas', /at most 64, found 65/],
    ['text for a number', model('queue: »many'), 'models.a.queue', /expected a number, found "many"/],
    ['half a row', model('max_batch: »1.5'), 'models.a.max_batch', /expected a whole number, found 1.5/],
    ['no file', `models: { a: »{} }${rest}`, 'models.a', /either an ONNX file or a server: give onnx or url/],
    ['an empty model', `models:\n  a:»${rest}`, 'models.a', /expected keys and values, found nothing/],
    ['a space in a name', `models: { a: { onnx: a }, »a b: { onnx: a } }${rest}`, 'models.a b', /a name is/],
    ['__proto__', `models: { a: { onnx: a }, »__proto__: { onnx: a } }${rest}`, 'models.__proto__', /taken/],
    [
      'constructor',
      `${models}endpoints: { »constructor: { arms: { x: { model: a } } } }`,
      'endpoints.constructor',
      /taken/,
    ],
    [
      'toString',
      `${models}endpoints: { e: { arms: { »toString: { model: a } } } }`,
      'endpoints.e.arms.toString',
      /taken/,
    ],
    ['no arm', `${models}endpoints: { e: { arms: »{} } }`, 'endpoints.e.arms', /there is no arm/],
    ['no endpoint', `${models}endpoints: »{}`, 'endpoints', /there is no endpoint/],
    ['an unknown model', arm('{ model: »aa }'), 'endpoints.e.arms.x.model', /"aa": did you mean a\?/],
    ['an unlikely model', arm('{ model: »resnet }'), 'endpoints.e.arms.x.model', /there are a, b/],
    [
      'a share over 1',
      arm('{ model: a, min_share: »1.5 }'),
      'endpoints.e.arms.x.min_share',
      /at most 1, found 1.5/,
    ],
    [
      'another policy',
      endpoint('policy: { name: »thomson }'),
      'endpoints.e.policy.name',
      /did you mean thompson\?/,
    ],
    [
      'a bare half-life',
      endpoint('policy: { half_life: »6 }'),
      'endpoints.e.policy.half_life',
      /expected a duration/,
    ],
    [
      'words for a half-life',
      endpoint('policy: { half_life: »6 hours }'),
      'endpoints.e.policy.half_life',
      /expected a duration/,
    ],
    [
      'a prior of nothing',
      endpoint('policy: { prior: { alpha: »0 } }'),
      'endpoints.e.policy.prior.alpha',
      /expected at least 0.000001/,
    ],
    [
      'another reward',
      endpoint('reward: { from: »click }'),
      'endpoints.e.reward.from',
      /expected reward or label/,
    ],
    [
      'a window too long',
      endpoint('reward: { window: »31d }'),
      'endpoints.e.reward.window',
      /from 1s to 30d/,
    ],
    [
      'a default over 1',
      endpoint('reward: { default: »2 }'),
      'endpoints.e.reward.default',
      /at most 1, found 2/,
    ],
    [
      'words for a default',
      endpoint('reward: { default: »zero }'),
      'endpoints.e.reward.default',
      /expected none, or a reward/,
    ],
    [
      'labels, signed',
      endpoint('reward: { from: label }, ledger: »signed'),
      'endpoints.e.ledger',
      /use ledger: stored/,
    ],
    ['a deadline of nothing', endpoint('deadline: »0ms'), 'endpoints.e.deadline', /from 1ms to 10m/],
    [
      'a host with its port',
      `${endpoint('')}\nhosts: [gateway.example, »gateway.example:8080]`,
      'hosts.1',
      /expected a name without scheme and port/,
    ],
    [
      'a page in place of its origin',
      `${endpoint('')}\norigins: [»https://app.example/]`,
      'origins.0',
      /expected the origin of a page/,
    ],
    ['an empty file', '»', '', /expected keys and values, found nothing/],
    ['a list', '»- 1', '', /expected keys and values, found a list of 1/],
  ])('%s', expectFault)

  test('floors that leave nothing to choose', () => {
    const two = (minShare: number): string =>
      `${models}endpoints: { e: { arms: { x: { model: a, min_share: 0.6 }, y: { model: b } }, policy: { min_share: ${minShare} } } }`
    expect(faultLines(two(0.5))).toEqual([
      'f:2:25 endpoints.e.arms: the min_share of all arms together is 1.1: lower them to at most 1',
    ])
    expect(faultLines(two(0.4))).toEqual([])
  })

  test('warm-ups that leave nothing to choose, where one arm at least is not new', () => {
    const three = (share: number): string => {
      const arm = (model: string) => `{ model: ${model}, warm_up: { pulls: 10, min_share: ${share} } }`
      return `${models}endpoints: { e: { arms: { x: ${arm('a')}, y: ${arm('b')}, z: ${arm('b')} }, policy: { min_share: 0.1 } } }`
    }
    expect(faultLines(three(0.5))).toEqual([
      'f:2:25 endpoints.e.arms: the min_share of all arms together is 1.1 while they warm up: lower warm_up.min_share until it is at most 1',
    ])
    expect(faultLines(three(0.45))).toEqual([])
  })

  test('all of them are told at once, in the order of the file', () => {
    const told = faultLines(`listen: here
models:
  a: { onnx: a.onnx, replicas: 0, max_bach: 3 }
endpoints:
  e:
    arms:
      one: { model: b }
      two: { ensemble: [a, c], quorum: 3, combine: max }
    policy: { name: best }
    reward: { from: label }
    ledger: signed
log: { level: 1 }
`)
    expect(told.map((fault) => fault.split(' ', 2).join(' ').replace(/:$/, ''))).toEqual([
      'f:1:9 listen',
      'f:3:32 models.a.replicas',
      'f:3:35 models.a.max_bach',
      'f:7:21 endpoints.e.arms.one.model',
      'f:8:28 endpoints.e.arms.two.ensemble.1',
      'f:8:40 endpoints.e.arms.two.quorum',
      'f:8:52 endpoints.e.arms.two.combine',
      'f:9:21 endpoints.e.policy.name',
      'f:11:13 endpoints.e.ledger',
      'f:12:15 log.level',
    ])
  })
})

test('aliases that stand for more than any memory holds are a fault of the file', () => {
  const lines = Array.from({ length: 9 }, (_, at) => {
    const inner = at === 0 ? '1' : `*a${at - 1}`
    return `a${at}: &a${at} [${Array.from({ length: 9 }, () => inner).join(', ')}]`
  })
  expect(faultLines(lines.join('\n'))[0]).toMatch(/^f:1:1: its aliases cannot be followed/)
})

test('two bounds that are broken at once are one fault', () => {
  const yaml =
    'models: { a: { onnx: a } }\nendpoints: { e: { guardrails: { error_rate: 5 }, arms: { one: { model: a } } } }\n'
  const result = parseConfig(yaml, 'bandit.yaml')
  expect('faults' in result && result.faults.map(({ path }) => path)).toEqual([
    'endpoints.e.guardrails.error_rate',
  ])
})
