import * as z from 'zod'
import { eventLevels } from '../../events/event.ts'
import { nearest } from '../reading/nearest.ts'
import { duration } from '../reading/quantities.ts'

const kinds = Object.keys(eventLevels)

/** A name of a variable, so that a secret that stands here by mistake is refused and not looked up. */
const variable = z.string().regex(/^[A-Z_][A-Z0-9_]{0,127}$/, {
  error:
    'expected the name of an environment variable, such as HOOK_SECRET: the value stays out of this file',
})

/** Every kind that is not known, with the one that may have been meant. */
const kind = z.string().superRefine((word, issues) => {
  if (Object.hasOwn(eventLevels, word)) return
  const near = nearest(word, kinds)
  const mend = near === undefined ? `known are ${kinds.join(', ')}` : `did you mean ${near}?`
  issues.addIssue({
    code: 'custom',
    message: `there is no kind of event ${JSON.stringify(word)}: ${mend}`,
  })
})

const webhook = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, {
      error: 'a name is 1 to 64 letters, digits, points, hyphens or underscores: choose another',
    })
    .optional()
    .meta({ description: 'In the log and in metrics; the host of the address when absent' }),
  url: z
    .url({ protocol: /^https?$/, error: 'expected an address that begins with https://' })
    .meta({ description: 'Where events are sent to; http:// on the loopback interface only' }),
  allow_http: z.boolean().default(false).meta({ description: 'Allow http:// to other machines' }),
  secret_env: variable.optional().meta({ description: 'Variable that holds the secret, whsec_…' }),
  secret_file: z.string().min(1).optional().meta({ description: 'File that holds it, read at the start' }),
  kinds: z
    .union([z.literal('all'), z.array(kind).min(1)], {
      error: 'expected all, or a list of kinds of events',
    })
    .default('all')
    .meta({ description: `all, or some of ${kinds.join(', ')}` }),
  timeout: duration('100ms', '30s').prefault('10s').meta({ description: 'For one try' }),
  headers_env: z
    .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), variable)
    .default({})
    .meta({ description: 'Headers that are sent along, and the variables that hold them' }),
})

export const events = z.strictObject({
  source: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/, {
      error: 'expected a URI without spaces, such as https://gateway.example',
    })
    .default('bandit-gateway')
    .meta({ description: 'Who tells; the same on every gateway of one store' }),
  webhooks: z.array(webhook).max(16).default([]).meta({ description: 'Who gets events' }),
})

export type EventsInput = z.output<typeof events>
