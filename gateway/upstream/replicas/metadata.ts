import { z } from 'zod'
import { datatypes, type ModelMetadata } from '../../../model-workers/protocol/types.ts'

const tensorSpec = z.object({
  name: z.string().min(1),
  datatype: z.enum(datatypes),
  shape: z.array(z.int().min(-1)),
})

const modelMetadata = (least: number) =>
  z.object({
    name: z.string(),
    versions: z.array(z.string()).exactOptional(),
    platform: z.string().default(''),
    inputs: z.array(tensorSpec).min(least),
    outputs: z.array(tensorSpec).min(least),
  })

const serverMetadata = z.object({ extensions: z.array(z.string()) })

/** What a server can beyond the protocol; nothing where it does not say. */
export function parseExtensions(body: Buffer): readonly string[] {
  const parsed = serverMetadata.safeParse(JSON.parse(body.toString()))
  return parsed.data?.extensions ?? []
}

/**
 * A model's metadata as its server sends it. Throws what is wrong with it, in words.
 *
 * @param least inputs, and outputs, that it has to name
 */
export function parseMetadata(body: Buffer, least = 1): ModelMetadata {
  const parsed = modelMetadata(least).safeParse(JSON.parse(body.toString()))
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
  return parsed.data
}
