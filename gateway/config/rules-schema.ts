import * as z from 'zod'

const text = z.string().min(1)
const texts = z.union([text, z.array(text).min(1)], { error: 'expected text, or a list of texts' })
const value = z.union([z.string(), z.number(), z.boolean()])
const values = z.union([value, z.array(value).min(1)], { error: 'expected a value, or a list of values' })

/** What may be done with a request is in `check-rules.ts`: one of the three. */
export const rule = z.strictObject({
  name: text.optional().meta({ description: 'rule-1, rule-2, … when absent' }),
  when: z.strictObject({
    header: z.record(z.string(), texts).optional(),
    context: z.record(z.string(), values).optional(),
    key: texts.optional(),
  }),
  arm: text.optional().meta({ description: 'The arm that answers' }),
  arms: z.array(text).min(1).optional().meta({ description: 'The arms that are chosen from' }),
  endpoint: text.optional().meta({ description: 'The endpoint that answers in its place' }),
})

export type RuleInput = z.output<typeof rule>
