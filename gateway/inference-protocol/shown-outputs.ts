import type { Outputs } from '../../bandit/index.ts'
import { createSink } from '../../model-workers/protocol/elements.ts'
import type { Datatype, Tensor, TensorSpec } from '../../model-workers/protocol/types.ts'
import type { After } from '../pipeline/pipeline.ts'

/**
 * What steps after the models have made of their outputs, as tensors: those that they left alone as they came, what they
 * say of theirs as that datatype, and what a module made as what it is: FP64, BOOL, or text.
 *
 * @param outputs as they are shown
 * @param tensors as the arm gave them
 */
export function toShownTensors(
  outputs: Outputs,
  tensors: readonly Tensor[],
  after: After,
): readonly Tensor[] {
  const specs = new Map(after.describe(tensors).map((spec) => [spec.name, spec]))
  return Object.entries(outputs).map(([name, output]) => {
    const own = after.makes.has(name) ? undefined : tensors.find((tensor) => tensor.name === name)
    return own ?? toTensor(name, output, specs.get(name))
  })
}

function toTensor(name: string, output: unknown, spec: TensorSpec | undefined): Tensor {
  const shape = shapeOf(output)
  const isEven = shape !== undefined
  const elements = isEven ? [output].flat(Infinity) : (output as readonly unknown[])
  const datatype = isEven ? (spec?.datatype ?? datatypeOf(elements)) : 'BYTES'
  const { bytes, isWritten } = write(elements, datatype)
  if (isWritten) return { name, datatype, shape: shape ?? [elements.length], bytes }
  return { name, datatype: 'BYTES', shape: shape ?? [elements.length], bytes: write(elements, 'BYTES').bytes }
}

function write(elements: readonly unknown[], datatype: Datatype): { bytes: Uint8Array; isWritten: boolean } {
  const sink = createSink(datatype, elements.length)
  const isWritten = sink.add(datatype === 'BYTES' ? elements.map(toText) : elements) < 0
  return { bytes: sink.bytes(), isWritten }
}

/** Lists within lists, each as long as its neighbours; undefined where they are not. */
function shapeOf(output: unknown): number[] | undefined {
  if (!Array.isArray(output)) return []
  const list = output as readonly unknown[]
  const inner = list.map(shapeOf)
  const [first = []] = inner
  const isEven = inner.every(
    (shape) => shape !== undefined && first !== undefined && shape.join() === first.join(),
  )
  return isEven ? [list.length, ...(first ?? [])] : undefined
}

function datatypeOf(elements: readonly unknown[]): Datatype {
  if (elements.every((element) => typeof element === 'number')) return 'FP64'
  return elements.every((element) => typeof element === 'boolean') ? 'BOOL' : 'BYTES'
}

function toText(element: unknown): string {
  return typeof element === 'string' ? element : JSON.stringify(element ?? null)
}
