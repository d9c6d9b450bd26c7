import * as z from 'zod'
import { configSchema } from './schema.ts'

/** For editors: what may be written in the file, before defaults are filled in. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: 'input' })
}
