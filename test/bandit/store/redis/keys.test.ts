import { expect, test } from 'vitest'
import {
  controlsKey,
  defaultPrefix,
  endpointKeys,
  signingSecretKey,
} from '../../../../bandit/store/redis/keys.ts'

test('all keys of an endpoint carry one hash tag, and no two are the same', () => {
  const keys = endpointKeys(defaultPrefix, 'digits', '0a1b2c3d')
  const names = [
    ...Object.values(keys).filter((key) => typeof key === 'string'),
    keys.marks(7),
    keys.decision('7'),
    keys.flush('7'),
  ]
  for (const name of names) expect(name).toMatch(/^bandit:\{digits\}:0a1b2c3d:\w/)
  expect(new Set(names).size).toBe(names.length)
})

test('what was said of the arms stays when their rewards are redefined', () => {
  expect(controlsKey(defaultPrefix, 'digits')).toBe('bandit:{digits}:controls')
})

test('the signing secret belongs to no endpoint', () => {
  expect(signingSecretKey(defaultPrefix)).toBe('bandit:signing-secret')
})
