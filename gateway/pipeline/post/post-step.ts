import type { Outputs } from '../../../bandit/index.ts'
import type { TensorSpec } from '../../../model-workers/protocol/types.ts'
import type { Table } from '../table.ts'

/** One thing that is done to the outputs of an arm. */
export interface PostStep {
  /** Outputs that there are afterwards, whatever there was before. */
  readonly makes: readonly string[]
  /** Fields that it reads. */
  readonly fields?: readonly string[]
  /** Before the arm is asked. @throws GatewayError missing_input, invalid_input */
  check?(table: Table): void
  /** The outputs that there are afterwards, of those before. */
  describe(specs: readonly TensorSpec[]): readonly TensorSpec[]
  /** @throws OutputFault */
  run(outputs: Outputs, table: Table | undefined): Outputs
}

/** These, with others in the place of those of the same names. */
export function withSpecs(specs: readonly TensorSpec[], made: readonly TensorSpec[]): readonly TensorSpec[] {
  const rest = specs.filter(({ name }) => made.every((each) => each.name !== name))
  return [...rest, ...made]
}
