import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../../gateway/config/parse-config.ts'
import { applyOverrides, type Overrides } from '../../../../gateway/overrides.ts'

const base = { models: { a: { onnx: 'a.onnx' } }, endpoints: { e: { arms: { one: { model: 'a' } } } } }
const parse = (more: object = {}) => parseConfig(JSON.stringify({ ...base, ...more }), '/etc/bandit.yaml')
const MiB = 1024 ** 2

describe('journal', () => {
  test('is on, beside the file, unless it is switched off', () => {
    expect(parse()).toMatchObject({
      config: { journal: { path: '/etc/var/journal.db', maxBytes: 1024 * MiB } },
    })
    expect(parse({ journal: '../j.db', journal_size: '5MiB' })).toMatchObject({
      config: { journal: { path: '/j.db', maxBytes: 5 * MiB } },
    })
    expect(parse({ journal: 'off' })).toHaveProperty('config')
    expect(parse({ journal: 'off' })).not.toHaveProperty('config.journal')
  })

  test.each([
    [{ journal: '' }, 'journal'],
    [{ journal: true }, 'journal'],
    [{ journal_size: '1KiB' }, 'journal_size'],
  ])('%o is refused at %s', (value, path) => {
    expect(parse(value)).toMatchObject({ faults: [{ path }] })
  })

  test('can be named, switched on and switched off for one start', () => {
    const started = (more: object, overrides: Overrides) => {
      const result = parse(more)
      if (!('config' in result)) throw new Error('the configuration has faults')
      return applyOverrides(result.config, overrides).journal
    }
    const small = { journal_size: '5MiB' }
    expect(started(small, {})).toEqual({ path: '/etc/var/journal.db', maxBytes: 5 * MiB, keepMs: 600_000 })
    expect(started(small, { journal: '/tmp/j.db' })).toEqual({
      path: '/tmp/j.db',
      maxBytes: 5 * MiB,
      keepMs: 600_000,
    })
    expect(started({ journal: 'off' }, { journal: '/tmp/j.db' })).toEqual({
      path: '/tmp/j.db',
      maxBytes: 1024 * MiB,
      keepMs: 600_000,
    })
    expect(started({}, { journal: 'off' })).toBeUndefined()
  })
})
