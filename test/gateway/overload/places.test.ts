import { expect, test } from 'vitest'
import { placesOf } from '../../../gateway/overload/places.ts'
import { soundConfig } from '../../fixtures/sound-config.ts'

test('an endpoint has the places of all its models, remote ones as well, each once, and some on their way', () => {
  const config = soundConfig(`
models:
  local: { onnx: ./a.onnx, replicas: 2, max_batch: 16, queue: 100 }
  remote: { url: http://one:8000, queue: 50, max_batch: 4 }
endpoints:
  both:
    arms:
      local: { model: local }
      remote: { model: remote }
      committee: { ensemble: [local, remote], combine: mean }
    reward: { from: reward, window: 10m }
  none:
    arms: { red: { value: 1 }, blue: { value: 2 } }
    reward: { from: reward, window: 10m }
`)
  expect(placesOf(config)).toEqual(
    new Map([
      ['both', 100 + 2 * 16 + 50 + 200 * 4 + 32],
      ['none', Infinity],
    ]),
  )
})

test('what may wait for the models of an endpoint is bounded by its own queue too', () => {
  const config = soundConfig(`
models:
  a: { onnx: ./a.onnx, max_batch: 16 }
  b: { onnx: ./b.onnx, max_batch: 16 }
endpoints:
  usual: { arms: { a: { model: a }, b: { model: b } } }
  short: { queue: 10, arms: { a: { model: a }, b: { model: b } } }
`)
  expect(placesOf(config)).toEqual(
    new Map([
      ['usual', 128 + 2 * 16 + 32],
      ['short', 10 + 2 * 16 + 32],
    ]),
  )
})
