import type { TensorSpec } from '../../model-workers/protocol/types.ts'

/** The first thing in which two lists of tensors differ, in words; undefined when they agree. Order is free. */
export function signatureDifference(a: readonly TensorSpec[], b: readonly TensorSpec[]): string | undefined {
  for (const spec of a) {
    const other = b.find(({ name }) => name === spec.name)
    if (other === undefined) return `"${spec.name}" is missing`
    if (!same(spec, other)) return `"${spec.name}" is ${describeSpec(other)} instead of ${describeSpec(spec)}`
  }
  const extra = b.find(({ name }) => !a.some((spec) => spec.name === name))
  return extra && `"${extra.name}" is one too many`
}

/** Tensors that all of the lists have; a dimension in which they differ is free. */
export function commonSpecs(lists: readonly (readonly TensorSpec[])[]): readonly TensorSpec[] {
  return lists.reduce((common, specs) => common.flatMap((spec) => joinSpecs(spec, specs)))
}

function joinSpecs(spec: TensorSpec, specs: readonly TensorSpec[]): readonly TensorSpec[] {
  const { name, datatype, shape } = spec
  const other = specs.find((one) => one.name === name && one.datatype === datatype)
  if (other === undefined || other.shape.length !== shape.length) return []
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
