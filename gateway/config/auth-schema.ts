import * as z from 'zod'
import { scopeNames } from '../security/scopes.ts'

const name = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, {
  error: 'a name is 1 to 64 letters, digits, points, hyphens or underscores',
})

const key = z.strictObject({
  name: name.meta({ description: 'Stands in logs and metrics' }),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, {
      error:
        'expected 64 hex digits, as `bandit keys create` prints them: the key itself does not belong here',
    })
    .meta({ description: 'Of the key, which is kept nowhere' }),
  scopes: z.array(z.enum(scopeNames)).min(1),
  endpoints: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: 'The only ones that it is for; all when absent' }),
})

const apiKeys = z.array(key)

const settings = z
  .strictObject({
    off: z.literal(true).optional(),
    keys: apiKeys.default([]),
  })
  .refine(({ off, keys }) => off === true || keys.length > 0, {
    error: 'nobody could do anything: add keys, or say off, and everybody may do everything',
  })
  .meta({ type: ['object', 'string'], description: 'Who may do what; or off, for everybody' })

/** The word alone says it too: one shape for both, since a union would answer a slip with the faults of either. */
export const auth = z.preprocess((value) => (value === 'off' ? { off: true } : value), settings)

export type AuthInput = z.output<typeof settings>
