import type { Model } from './model.ts'
import { bytesPerElement, elementCount } from './protocol/sizes.ts'
import type { Tensor, TensorSpec } from './protocol/types.ts'

/** Runs the model once on zeros and empty texts, free dimensions being 1, so that no client waits for first-time work. */
export async function warmUp(model: Model): Promise<void> {
  await model.infer({ inputs: model.metadata.inputs.map(zeros) })
}

function zeros({ name, datatype, shape: free }: TensorSpec): Tensor {
  const shape = free.map((dimension) => (dimension === -1 ? 1 : dimension))
  // Four zero bytes are an empty text.
  const bytes = new Uint8Array(elementCount(shape) * (bytesPerElement(datatype) ?? 4))
  return { name, datatype, shape, bytes }
}
