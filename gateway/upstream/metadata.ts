import { z } from 'zod'
import { datatypes, type ModelMetadata } from '../../model-workers/protocol/types.ts'

const tensorSpec = z.object({
  name: z.string().min(1),
  datatype: z.enum(datatypes),
  shape: z.array(z.int().min(-1)),
})

const modelMetadata = z.object({
  name: z.string(),
  versions: z.array(z.string()).exactOptional(),
  platform: z.string().default(''),
  inputs: z.array(tensorSpec).min(1),
  outputs: z.array(tensorSpec).min(1),
})

/** A model's metadata as its server sends it. Throws what is wrong with it, in words. */
export function parseMetadata(body: Buffer): ModelMetadata {
  const parsed = modelMetadata.safeParse(JSON.parse(body.toString()))
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
  return parsed.data
}
