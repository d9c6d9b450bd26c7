import * as z from 'zod'
import { parseFeatureStore } from '../reading/addresses.ts'
import { featureTypes } from './features.ts'
import { duration } from '../reading/quantities.ts'

const text = z.string().min(1)
const variable = text.regex(/^[A-Za-z_]\w*$/, { error: 'expected the name of an environment variable' })

const feature = z.union(
  [
    z.enum(featureTypes),
    z.strictObject({
      type: z.enum(featureTypes).meta({ description: 'What its text is read as' }),
      from: text.optional().meta({ description: 'Field of the hash, or view:feature of Feast' }),
      default: z
        .union([z.number(), z.string(), z.boolean()])
        .optional()
        .meta({ description: 'Where it is not known' }),
    }),
  ],
  { error: 'expected number, text or boolean, or such as { type: number, from: age, default: 40 }' },
)

/** Either redis and key, or feast and entities: one shape, as for arms. */
const source = z.strictObject({
  redis: z
    .string()
    .transform(parseFeatureStore)
    .optional()
    .meta({ description: 'Where hashes hold features' }),
  key: text.optional().meta({ description: 'Of a hash, such as user:{user_id} with a field of the request' }),
  password_variable: variable
    .optional()
    .meta({ description: 'Variable that holds the password of that Redis' }),
  feast: z
    .url({ protocol: /^https?$/, error: 'expected the address of a Feast server, such as http://feast:6566' })
    .optional()
    .meta({ description: 'Address of a Feast feature server, in place of redis and key' }),
  entities: z.record(z.string(), text).optional().meta({ description: 'Join key: field of the request' }),
  headers: z.record(z.string(), variable).optional().meta({ description: 'Header: environment variable' }),
  timeout: duration('1ms', '10s').prefault('20ms').meta({ description: 'Then defaults stand in' }),
  cache: z
    .strictObject({
      for: duration('1ms', '1d').meta({ description: 'How long they are taken for true' }),
      size: z.int().min(1).max(10_000_000).default(10_000).meta({ description: 'Keys that are remembered' }),
    })
    .optional()
    .meta({ description: 'Keeps what was fetched; nothing is kept when absent' }),
  values: z
    .record(z.string(), feature)
    .refine((values) => Object.keys(values).length > 0, {
      error: 'there is no feature: add at least one',
    })
    .meta({ description: 'The features, by the name of the field that each becomes' }),
})

export const features = z.record(z.string(), source)

export type FeatureSourceInput = z.output<typeof source>
export type FeatureInput = z.output<typeof feature>
