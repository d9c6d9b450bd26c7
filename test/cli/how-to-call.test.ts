import { expect, test } from 'vitest'
import { howToCall } from '../../cli/how-to-call.ts'

const text = howToCall('http://127.0.0.1:8080', [
  { name: 'digits', body: { inputs: { pixels: [[0, 5]] } }, feedback: 'label' },
  { name: 'ads', body: { inputs: { text: ["it's"] } }, feedback: 'reward' },
  { name: 'prices', verb: 'decide', body: { context: { age: 0 } }, feedback: 'reward' },
])

test('every endpoint has a command to ask it, to tell it and to look at it', () => {
  expect(text).toContain('curl http://127.0.0.1:8080/predict/digits ')
  expect(text).toContain(`-d '{"id":"first-try","inputs":{"pixels":[[0,5]]}}'`)
  expect(text).toContain(`-d '{"endpoint":"digits","id":"first-try","label":7}'`)
  expect(text).toContain(`-d '{"endpoint":"ads","id":"first-try","reward":1}'`)
  expect(text).toContain('curl http://127.0.0.1:8080/endpoints/ads')
  expect(text).toContain('curl http://127.0.0.1:8080/decide/prices ')
  expect(text).toContain(`-d '{"id":"first-try","context":{"age":0}}'`)
})

test('an apostrophe in an input does not end the word of the shell', () => {
  expect(text).toContain(String.raw`-d '{"id":"first-try","inputs":{"text":["it'\''s"]}}'`)
})
