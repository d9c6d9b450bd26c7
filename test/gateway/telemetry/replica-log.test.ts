import { expect, test } from 'vitest'
import { createReplicaLog } from '../../../gateway/telemetry/replica-log.ts'

const collect = () => {
  const lines: string[] = []
  const write = (level: string) => (_: object, msg: string) => void lines.push(`${level}: ${msg}`)
  const logger = { debug: write('debug'), info: write('info'), warn: write('warn') }
  return { lines, log: createReplicaLog('network', logger as never) }
}

test('a start and a stop without trouble are no news', () => {
  const { lines, log } = collect()
  log(0, 'idle', 'ready')
  log(0, 'gone', 'taken away')
  expect(lines).toEqual(['debug: replica is there', 'debug: replica is gone'])
})

test('a replica that falls out is said, and so is its return, each by its own number', () => {
  const { lines, log } = collect()
  log(0, 'suspect', 'timeout')
  log(1, 'idle', 'ready')
  log(0, 'idle', 'ready')
  log(0, 'idle', 'ready')
  expect(lines).toEqual([
    'warn: replica is not asked until it answers a probe',
    'debug: replica is there',
    'info: replica is back',
    'debug: replica is there',
  ])
})

test('a process that replaces one that fell out begins anew', () => {
  const { lines, log } = collect()
  log(0, 'resting', 'five faults in a row')
  log(0, 'gone', 'taken away')
  log(0, 'idle', 'ready')
  expect(lines.at(-1)).toBe('debug: replica is there')
})
