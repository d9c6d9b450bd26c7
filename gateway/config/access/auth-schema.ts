import * as z from 'zod'
import { isLoopback } from '../../security/outbound/addresses.ts'
import { scopeNames } from '../../security/keys/scopes.ts'
import { duration } from '../reading/quantities.ts'

const name = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, {
  error: 'a name is 1 to 64 letters, digits, points, hyphens or underscores',
})

const rate = z.strictObject({
  per_second: z.number().positive().meta({ description: 'On average' }),
  burst: z.int().min(1).optional().meta({ description: 'At once; as many as in a second when absent' }),
})

const rates = z.strictObject({
  predict: rate.optional().meta({ description: 'Requests; without a limit when absent' }),
  feedback: rate.default({ per_second: 100, burst: 1000 }).meta({ description: 'Lines of feedback' }),
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
  scopes: z.array(z.enum(scopeNames)).min(1).meta({ description: 'What it may do' }),
  endpoints: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: 'The only ones that it is for; all when absent' }),
  tenant: name.optional().meta({
    description:
      'Whose ids and predictions it is for: keys of another tenant know nothing of them; everybody’s when absent',
  }),
  reward_share: z.number().gt(0).lte(1).optional().meta({
    description: 'How much of what an endpoint learns may come from it, other than from all; 1 = any',
  }),
  rate: rates.prefault({}).meta({ description: 'How often, in one gateway process' }),
})

export const apiKeys = z.array(key)

/** With these the issuer signs and nobody else can; a shared secret would let every reader of it make tokens. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

const jwt = z.strictObject({
  issuer: z.string().min(1).meta({ description: 'What the claim iss has to be' }),
  audience: z.string().min(1).meta({ description: 'What the claim aud has to name' }),
  jwks_url: z
    .url({
      protocol: /^https?$/,
      error: 'expected the address of a JSON Web Key Set, such as https://…/jwks.json',
    })
    .refine((text) => text.startsWith('https:') || isLoopback(hostOf(text)), {
      error: 'whoever is between could put in a key of theirs: use https',
    })
    .meta({ description: 'Address of the keys that tokens are signed with, https' }),
  algorithms: z.array(z.enum(algorithms)).min(1).meta({ description: 'What tokens may be signed with' }),
  scopes_claim: z.string().min(1).default('scope').meta({ description: 'The claim that names scopes' }),
  scopes_prefix: z.string().default('').meta({ description: 'What stands before a scope there' }),
  endpoints_claim: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'The claim that names the only endpoints that a token is for; all when absent' }),
  tenant_claim: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'The claim that names the tenant, as tenant of a key does; none when absent' }),
  clock_tolerance: duration('0s', '5m').prefault('5s').meta({ description: 'How far clocks may be apart' }),
  rate: rates.prefault({}).meta({ description: 'How often, in one gateway process, by subject' }),
})

function hostOf(text: string): string {
  return URL.parse(text)?.hostname.replace(/^\[(.*)\]$/, '$1') ?? ''
}

const rewardShare = z.strictObject({
  most: z
    .number()
    .gt(0)
    .lte(1)
    .default(0.2)
    .meta({ description: 'Of what the endpoint learned within the hour' }),
  after: z
    .int()
    .min(1)
    .default(500)
    .meta({ description: 'Rewards within the hour before anybody is held to it' }),
})

const settings = z
  .strictObject({
    off: z.literal(true).optional().meta({ description: 'The same as the word off in place of all this' }),
    keys: apiKeys.default([]).meta({ description: 'Whom the gateway knows by a key' }),
    keys_file: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'A list of keys, from the folder of this file, read again when it changes' }),
    reward_share: rewardShare
      .optional()
      .meta({ description: 'How much of what an endpoint learns within an hour may come from one key' }),
    jwt: jwt.optional().meta({ description: 'Tokens that somebody else issues' }),
  })
  .refine(
    ({ off = false, keys, keys_file, jwt }) => off !== (keys.length > 0 || (keys_file ?? jwt) !== undefined),
    {
      error:
        'expected keys, keys_file or jwt, so that somebody may do something; or off alone, and everybody may',
    },
  )
  .meta({ type: ['object', 'string'], description: 'Who may do what; or off, for everybody' })

/** The word alone says it too: one shape for both, since a union would answer a slip with the faults of either. */
export const auth = z.preprocess((value) => (value === 'off' ? { off: true } : value), settings)

export type TokenInput = z.output<typeof jwt>
export type KeyInput = z.output<typeof key>
export type AuthInput = z.output<typeof settings>
