import type { TensorSpec } from '../../model-workers/protocol/types.ts'

/** The first thing in which two lists of tensors differ, in words; undefined when they agree. Order is free. */
export function signatureDifference(a: readonly TensorSpec[], b: readonly TensorSpec[]): string | undefined {
  const others = byName(b)
  for (const spec of a) {
    const other = others.get(spec.name)
    if (other === undefined) return `"${spec.name}" is missing`
    if (!same(spec, other)) return `"${spec.name}" is ${describeSpec(other)} instead of ${describeSpec(spec)}`
  }
  const names = byName(a)
  const extra = b.find(({ name }) => !names.has(name))
  return extra && `"${extra.name}" is one too many`
}

/** Tensors that all of the lists have; a dimension in which they differ is free. */
export function commonSpecs(lists: readonly (readonly TensorSpec[])[]): readonly TensorSpec[] {
  return lists.reduce((common, specs) => {
    const others = byName(specs)
    return common.flatMap((spec) => joinSpecs(spec, others.get(spec.name)))
  })
}

/** Of a name that is there twice the first: a model may have thousands of tensors. */
function byName(specs: readonly TensorSpec[]): ReadonlyMap<string, TensorSpec> {
  return new Map(specs.toReversed().map((spec) => [spec.name, spec]))
}

function joinSpecs(spec: TensorSpec, other: TensorSpec | undefined): readonly TensorSpec[] {
  const { datatype, shape } = spec
  if (other?.datatype !== datatype || other.shape.length !== shape.length) return []
  return [{ ...spec, shape: shape.map((size, axis) => (size === other.shape[axis] ? size : -1)) }]
}

function same(a: TensorSpec, b: TensorSpec): boolean {
  return (
    a.datatype === b.datatype &&
    a.shape.length === b.shape.length &&
    a.shape.every((dimension, axis) => dimension === b.shape[axis])
  )
}

export function describeSpec({ datatype, shape }: TensorSpec): string {
  return `${datatype} [${shape.join(', ')}]`
}
