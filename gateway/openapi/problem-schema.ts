import * as z from 'zod'
import { errorCatalogue, type ErrorCode } from '../errors.ts'

const codes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]

/** RFC 9457. */
export const problem = z.strictObject({
  type: z.string().regex(/^urn:bandit:error:[a-z_]+$/),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: 'What is wrong here, and how to mend it' }),
  code: z.enum(codes).meta({ description: 'Stable: programs may rely on it' }),
  pointer: z.string().optional().meta({ description: 'JSON pointer (RFC 6901) to the place in the body' }),
  request_id: z.string().optional().meta({ description: 'Absent where the head of the request was refused' }),
})
