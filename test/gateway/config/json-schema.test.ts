import { expect, test } from 'vitest'
import * as z from 'zod'
import { configJsonSchema } from '../../../gateway/config/json-schema.ts'

/** Read back as an editor would read it. */
const schema = z.fromJSONSchema(configJsonSchema() as Parameters<typeof z.fromJSONSchema>[0])

test('takes the smallest configuration, with its defaults left out', () => {
  const smallest = { models: { a: { onnx: 'a.onnx' } }, endpoints: { e: { arms: { one: { model: 'a' } } } } }
  expect(schema.safeParse(smallest).success).toBe(true)
})

test.each([
  ['an unknown key', { models: {}, endpoints: {}, lisen: 'x' }],
  ['a duration in words', { models: {}, endpoints: { e: { arms: {}, deadline: '6 hours' } } }],
  ['nothing', {}],
])('refuses %s', (_what, value) => {
  expect(schema.safeParse(value).success).toBe(false)
})
