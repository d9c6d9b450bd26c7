import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createEncoding } from '../../bandit/index.ts'
import { soundConfig } from '../fixtures/sound-config.ts'

test('the example of contexts is without fault, and takes what its readme sends', async () => {
  const file = fileURLToPath(new URL('../../examples/contexts/bandit.yaml', import.meta.url))
  const [endpoint] = soundConfig(await readFile(file, 'utf8'), file).endpoints
  const encoding = createEncoding(endpoint!.context!)
  const encoded = encoding.encode({ light: 0.3, camera: 'door' })
  // 1; desk, door, any other camera; light; and light for each camera
  expect(encoded).toEqual({ status: 'encoded', features: Float64Array.of(1, 0, 1, 0, 0.3, 0, 0.3, 0) })
  expect(encoding.encode(undefined)).toMatchObject({ status: 'encoded' })
})
