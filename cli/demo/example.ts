import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Noise } from './noise.ts'

export interface LabelledImage {
  readonly pixels: readonly number[]
  readonly label: number
}

/** What the demo needs to know of examples/digits. */
export interface Example {
  readonly configPath: string
  readonly images: readonly LabelledImage[]
  readonly noise: Noise
  /** Model name to path of its ONNX file. */
  readonly models: ReadonlyMap<string, string>
  /** The models whose mean probabilities are the committee's. */
  readonly committee: readonly string[]
}

const imageSchema = z.object({ pixels: z.array(z.int()).length(64), label: z.int().min(0).max(9) })

const modelsSchema = z.object({
  noise: z.object({
    description: z.string(),
    contrast: z.number(),
    sigma: z.number(),
    clip: z.tuple([z.number(), z.number()]),
  }),
  models: z.record(z.string(), z.object({ file: z.string() })),
  committee: z.object({ members: z.array(z.string()) }),
})

export const loadExample = async (folder: string): Promise<Example> => {
  const [modelsText, streamText] = await Promise.all([
    readFile(join(folder, 'models.json'), 'utf8'),
    readFile(join(folder, 'stream.ndjson'), 'utf8'),
  ])
  const { noise, models, committee } = modelsSchema.parse(JSON.parse(modelsText))
  const lines = streamText.split('\n').filter((line) => line !== '')
  return {
    configPath: join(folder, 'bandit.yaml'),
    images: lines.map((line) => imageSchema.parse(JSON.parse(line))),
    noise,
    models: new Map(Object.entries(models).map(([name, { file }]) => [name, join(folder, file)])),
    committee: committee.members,
  }
}
