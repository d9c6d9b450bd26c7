import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../gateway/config/parse-config.ts'

const base = { models: { a: { onnx: 'a.onnx' } }, endpoints: { e: { arms: { one: { model: 'a' } } } } }
const parse = (decision_log?: unknown) =>
  parseConfig(
    JSON.stringify({ ...base, ...(decision_log !== undefined && { decision_log }) }),
    '/etc/bandit.yaml',
  )

describe('decision_log', () => {
  test('is off unless it is asked for', () => {
    expect(parse()).toHaveProperty('config')
    expect(parse()).not.toHaveProperty('config.decisionLog')
  })

  test('needs a folder alone; its path starts from that of the file', () => {
    expect(parse({ dir: './log' })).toMatchObject({
      config: {
        decisionLog: {
          dir: '/etc/log',
          rotate: 64 * 1024 ** 2,
          keep: 64,
          compress: 'gzip',
          buffer: 8 * 1024 ** 2,
        },
      },
    })
  })

  test.each([
    [{}, 'decision_log.dir'],
    [{ dir: 'log', rotate: '1KiB' }, 'decision_log.rotate'],
    [{ dir: 'log', keep: 0 }, 'decision_log.keep'],
    [{ dir: 'log', compress: 'zip' }, 'decision_log.compress'],
    [{ dir: 'log', size: '1MiB' }, 'decision_log.size'],
  ])('%o is refused at %s', (value, path) => {
    expect(parse(value)).toMatchObject({ faults: [{ path }] })
  })
})
