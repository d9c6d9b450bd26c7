import { ModelFault } from './model.ts'
import type { TensorSpec } from './protocol/types.ts'

/** More than a column each of the widest tables. */
const mostTensors = 10_000
const longestName = 1024
const mostDimensions = 64

/**
 * What a model says of itself is compared, shown and sent by others than its own process, who must not choke on it.
 *
 * @throws ModelFault unsupported
 */
export function demandBounds(source: string, side: 'inputs' | 'outputs', specs: readonly TensorSpec[]): void {
  const fault = faultOf(side, specs)
  if (fault !== undefined) throw new ModelFault('unsupported', `${source}: ${fault}`)
}

function faultOf(side: string, specs: readonly TensorSpec[]): string | undefined {
  if (specs.length > mostTensors)
    return `it has ${specs.length} ${side}, and ${mostTensors} can be served: put them together`
  if (specs.some(({ name }) => name.length > longestName))
    return `a name among its ${side} has more than ${longestName} characters: give it a shorter one`
  return specs.some(({ shape }) => shape.length > mostDimensions)
    ? `a tensor among its ${side} has more than ${mostDimensions} dimensions: reshape it`
    : undefined
}
