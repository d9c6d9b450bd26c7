import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../../gateway/config/parse-config.ts'

const base = { models: { a: { onnx: 'a.onnx' } }, endpoints: { e: { arms: { one: { model: 'a' } } } } }
const parse = (more: object = {}) => parseConfig(JSON.stringify({ ...base, ...more }), '/etc/bandit.yaml')

describe('checkpoint', () => {
  test('is on beside the journal, unless it is switched off', () => {
    expect(parse()).toMatchObject({ config: { checkpoint: { everyMs: 60_000, keep: 5 } } })
    expect(parse({ checkpoint: { every: '10s', keep: 2, folder: 'kept' } })).toMatchObject({
      config: { checkpoint: { everyMs: 10_000, keep: 2, folder: '/etc/kept' } },
    })
    expect(parse({ checkpoint: 'off' })).not.toHaveProperty('config.checkpoint')
    expect(parse({ journal: 'off' })).toHaveProperty('config.checkpoint')
    expect(parse({ journal: 'off', checkpoint: { folder: 'kept' } })).toHaveProperty('config')
  })

  test.each([
    [{ checkpoint: { every: '1ms' } }, 'checkpoint.every', /from 1s to 1h/],
    [{ checkpoint: { keep: 0 } }, 'checkpoint.keep', /1/],
    [{ checkpoint: 'on' }, 'checkpoint', /./],
    [{ checkpoint: { often: 1 } }, 'checkpoint.often', /known here are/],
    [{ checkpoint: {}, journal: 'off' }, 'checkpoint', /name a folder, or say off/],
    [{ checkpoint: { every: '6m' } }, 'checkpoint.every', /at least twice checkpoint.every/],
    [{ journal_keep: '90s' }, 'journal_keep', /at least twice checkpoint.every/],
  ])('%o is refused at %s', (value, path, message) => {
    expect(parse(value)).toMatchObject({ faults: [{ path, message: expect.stringMatching(message) }] })
  })
})
