import { expect, test } from 'vitest'
import { createArmHealth } from '../../../gateway/guardrails/arm-health.ts'

const open = () => {
  let now = 12_345
  const health = createArmHealth({ windowMs: 1000, slowMs: 50, monotonic: () => now })
  return { health, pass: (ms: number) => void (now += ms) }
}

test('counts requests, faults and answers slower than they may be', () => {
  const { health } = open()
  for (const ms of [1, 50, 50.1, 900]) health.answered(ms)
  health.failed()
  expect(health.read()).toEqual({ requests: 5, faults: 1, slow: 2 })
})

test('forgets what is older than the window, a tenth of it at a time', () => {
  const { health, pass } = open()
  health.failed()
  pass(500)
  health.answered(1)
  expect(health.read()).toEqual({ requests: 2, faults: 1, slow: 0 })
  pass(500)
  expect(health.read()).toEqual({ requests: 1, faults: 0, slow: 0 })
  pass(60_000)
  expect(health.read()).toEqual({ requests: 0, faults: 0, slow: 0 })
})

test('begins anew when it is told to', () => {
  const { health } = open()
  health.failed()
  health.forget()
  expect(health.read().requests).toBe(0)
  health.answered(1)
  expect(health.read().requests).toBe(1)
})
