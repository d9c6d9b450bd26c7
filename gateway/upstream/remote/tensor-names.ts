import type { RemoteTensor } from '../../config/models/remote.ts'
import { signatureDifference } from '../signature.ts'
import type { TensorSpec } from '../../../model-workers/protocol/types.ts'

/** Names of a model's tensors here and on its server. */
export interface TensorNames {
  toServer<T extends { readonly name: string }>(this: void, tensor: T): T
  fromServer<T extends { readonly name: string }>(this: void, tensor: T): T
  /**
   * What the server says of its tensors in our names, or what the configuration does where it says nothing.
   * Throws in words where there is neither, or the two differ.
   */
  settle(found: readonly TensorSpec[]): readonly TensorSpec[]
}

export function createTensorNames(
  side: 'inputs' | 'outputs',
  declared: readonly RemoteTensor[] | undefined,
): TensorNames {
  const there = new Map(declared?.map(({ name, as }) => [name, as]))
  const here = new Map(declared?.map(({ name, as }) => [as, name]))
  const specs = declared?.map(({ name, datatype, shape }): TensorSpec => ({ name, datatype, shape }))
  const renamed = <T extends { readonly name: string }>(tensor: T, names: ReadonlyMap<string, string>): T => {
    const name = names.get(tensor.name)
    return name === undefined || name === tensor.name ? tensor : { ...tensor, name }
  }
  return {
    toServer: (tensor) => renamed(tensor, there),
    fromServer: (tensor) => renamed(tensor, here),
    settle(found) {
      if (found.length === 0) {
        if (specs !== undefined) return specs
        throw new Error(`names no ${side}: declare them under models.<name>.${side}`)
      }
      const ours = found.map((spec) => renamed(spec, here))
      const difference = specs && signatureDifference(specs, ours)
      if (difference !== undefined)
        throw new Error(`has other ${side} than the configuration says: ${difference}`)
      return ours
    },
  }
}
