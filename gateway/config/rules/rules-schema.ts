import * as z from 'zod'

const text = z.string().min(1)
const texts = z.union([text, z.array(text).min(1)], { error: 'expected text, or a list of texts' })
const value = z.union([z.string(), z.number(), z.boolean()])
const values = z.union([value, z.array(value).min(1)], { error: 'expected a value, or a list of values' })
const percent = z.number().gt(0).lte(100)

/** More than the value itself; which of it goes together is in `check-rules.ts`. */
const textTest = z.strictObject({
  is: texts.optional().meta({ description: 'One of these' }),
  prefix: texts.optional().meta({ description: 'What it begins with' }),
  at_least: z.number().optional().meta({ description: 'As a number' }),
  below: z.number().optional().meta({ description: 'As a number' }),
  percent: percent.optional().meta({ description: 'Of the values there may be, always the same ones' }),
})
const valueTest = textTest.extend({ is: values.optional().meta({ description: 'One of these' }) })
const keyTest = textTest.omit({ at_least: true, below: true })

/** Values by themselves are short for `{ is: … }`. */
function testOf<T extends z.ZodType, U extends z.ZodType>(short: T, whole: U, example: string) {
  return z.union([short, whole], {
    error: `expected a value, a list of values, or a test such as ${example}`,
  })
}

/** What may be done with a request is in `check-rules.ts`: one of the three. */
export const rule = z.strictObject({
  name: text.optional().meta({ description: 'rule-1, rule-2, … when absent' }),
  when: z
    .strictObject({
      header: z
        .record(z.string(), testOf(texts, textTest, '{ prefix: Mobile }'))
        .optional()
        .meta({ description: 'Headers of the request' }),
      context: z
        .record(z.string(), testOf(values, valueTest, '{ at_least: 18, below: 65 }'))
        .optional()
        .meta({ description: 'What it says of itself' }),
      key: testOf(texts, keyTest, '{ percent: 10 }').optional().meta({ description: 'Its sticky key' }),
    })
    .meta({ description: 'Which requests it is for: all of this must hold' }),
  arm: text.optional().meta({ description: 'The arm that answers' }),
  arms: z.array(text).min(1).optional().meta({ description: 'The arms that are chosen from' }),
  endpoint: text.optional().meta({ description: 'The endpoint that answers in its place' }),
})

export type RuleInput = z.output<typeof rule>
export type ValueTestInput = z.output<typeof valueTest>
