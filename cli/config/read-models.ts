import { basename, dirname, extname } from 'node:path'
import { openOnnxModel } from '../../model-workers/onnx.ts'
import type { ModelMetadata } from '../../model-workers/protocol/types.ts'

/** A model as a configuration could have it. */
export interface FoundModel {
  /** Of the model and of its arm: told apart, and nothing that a name must not hold. */
  readonly name: string
  readonly path: string
  readonly inputs: ModelMetadata['inputs']
  readonly outputs: ModelMetadata['outputs']
  /** Outputs that are no tensors. */
  readonly dropped: readonly string[]
}

/** Loads each of the files and says what it takes and answers. @throws ModelFault for the first that cannot be loaded */
export async function readModels(paths: readonly string[]): Promise<readonly FoundModel[]> {
  const found: FoundModel[] = []
  for (const path of paths) {
    const dropped: string[] = []
    const warn = (facts: unknown) => void dropped.push(...(facts as { dropped: string[] }).dropped)
    const name = nameOf(
      path,
      found.map((model) => model.name),
    )
    const model = await openOnnxModel({ path, name, version: '1', logger: { warn } })
    const { inputs, outputs } = model.metadata
    found.push({ name, path, inputs, outputs, dropped })
    await model.close()
  }
  return found
}

/** That of the file; of <name>/1/model.onnx, as Triton has it, that of the folder. */
function nameOf(path: string, taken: readonly string[]): string {
  const file = basename(path, extname(path))
  const isVersion = file === 'model' && /^\d+$/.test(basename(dirname(path)))
  const said = isVersion ? basename(dirname(dirname(path))) : file
  const name = said.replaceAll(/[^A-Za-z0-9_.-]/g, '-').slice(0, 60) || 'model'
  if (!taken.includes(name)) return name
  let number = 2
  while (taken.includes(`${name}-${number}`)) number++
  return `${name}-${number}`
}
