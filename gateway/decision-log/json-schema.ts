import * as z from 'zod'
import { logLineSchema } from './schema.ts'

/** What `schema.json` beside this file holds: one line of a decision log, for programs that read one. */
export function logLineJsonSchema(): object {
  return {
    title: 'One line of a decision log of bandit-gateway',
    ...z.toJSONSchema(logLineSchema, { io: 'input' }),
  }
}
