import { expect, onTestFinished, test } from 'vitest'
import { openOverTcp } from '../../fuzz/over-tcp.ts'
import { runFuzz } from '../../fuzz/run-fuzz.ts'

test('through a socket as well, whatever is sent is answered as the document says, and nothing but that', async () => {
  const target = await openOverTcp()
  onTestFinished(() => target.close())
  const byStatus = await runFuzz(target, { requests: 600, seed: 2 })
  for (const status of [200, 400, 404, 405, 415, 422]) expect([...byStatus.keys()]).toContain(status)
})
