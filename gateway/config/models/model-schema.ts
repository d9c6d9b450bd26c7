import * as z from 'zod'
import { duration, memoryLimit } from '../reading/quantities.ts'
import { fit } from './fit-schema.ts'
import { remoteFields } from './remote-schema.ts'

const text = z.string().min(1)

/** A file or a server, as it is written. Which of it goes together is in `check-model.ts`. */
export const model = z.strictObject({
  onnx: text.optional().meta({
    description:
      'Path of the ONNX file, or of a folder with <version>/model.onnx, from the folder of this file',
  }),
  reload: z.enum(['on', 'off']).default('on').meta({
    description: 'Whether a new version, or a file put in its place, is served as soon as it is there',
  }),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'expected 64 hex digits, as sha256sum prints them' })
    .optional()
    .meta({ description: 'Of that file, which is else not loaded' }),
  copy: z.enum(['on', 'off']).optional().meta({
    description:
      'Whether its workers load a copy that nobody can change, on; off reads the file where it is, as often as a worker starts',
  }),
  ...remoteFields,
  fit: fit.optional().meta({ description: 'How it takes and answers what the other arms do' }),
  replicas: z.int().min(1).max(64).optional().meta({ description: 'Processes that serve the file; 1' }),
  memory: memoryLimit.optional().meta({
    description:
      'What a worker may hold before another takes its place: 1.5x what it held when it was new (and 256MiB more), a size such as 800MiB, or off',
  }),
  max_batch: z
    .int()
    .min(1)
    .max(4096)
    .optional()
    .meta({ description: 'Rows of one call, put together here; 64 for a file, 1 for a server' }),
  queue: z
    .int()
    .min(1)
    .max(65_536)
    .default(128)
    .meta({ description: 'Calls that may wait for it; the next one is overloaded' }),
  deadline: duration('1ms', '10m').optional().meta({
    description:
      'Of one call; half of what the endpoint has, or all that is left for the last arm, when absent',
  }),
})

export type ModelInput = z.output<typeof model>
