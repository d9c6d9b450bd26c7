import { expect, test } from 'vitest'
import { complain } from '../../model-workers/complain.ts'

function listen() {
  const reasons: string[] = []
  const clock = { now: 0 }
  const warn = (facts: unknown) => void reasons.push((facts as { reason: string }).reason)
  return { reasons, clock, diag: complain({ warn }, () => clock.now) }
}

test('one line a minute, with the words of the error and no stack', () => {
  const { reasons, clock, diag } = listen()
  diag.error('{"stack":"Error: at x","message":"connect ECONNREFUSED","name":"E"}')
  diag.error('{"message":"the same again"}')
  clock.now = 60_000
  diag.warn('OTLPExportDelegate', 'the response could not be read', new Error('odd byte'), { more: 1 })
  expect(reasons).toEqual([
    'connect ECONNREFUSED',
    'OTLPExportDelegate: the response could not be read: odd byte',
  ])
})

test('that a container has no id of a machine is no news, and hides none', () => {
  const { reasons, diag } = listen()
  diag.warn('dropping invalid resource attribute value for key "host.id"')
  diag.info('all is well')
  expect(reasons).toEqual([])
  diag.warn('something else')
  expect(reasons).toEqual(['something else'])
})
