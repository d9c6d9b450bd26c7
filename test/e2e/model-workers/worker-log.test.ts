import { expect, test } from 'vitest'
import { startNode } from '../../fixtures/processes.ts'

test('a worker logs in the words of the gateway: levels by name, times as ISO 8601', async () => {
  const { ended } = startNode('model-workers/main.ts', [
    '--model',
    'no-such.onnx',
    '--name',
    'm',
    '--port',
    '0',
  ])
  const { code, stderr } = await ended
  expect(code).toBe(1)
  const line = JSON.parse(stderr) as { level: unknown; time: string; name: unknown }
  expect(line).toMatchObject({ level: 'fatal', name: 'model-worker' })
  expect(new Date(line.time).toISOString()).toBe(line.time)
})
