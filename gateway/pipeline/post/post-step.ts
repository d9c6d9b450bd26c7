import type { Outputs } from '../../../bandit/index.ts'
import type { Table } from '../table.ts'

/** One thing that is done to the outputs of an arm. */
export interface PostStep {
  /** Outputs that there are afterwards, whatever there was before. */
  readonly makes: readonly string[]
  /** Fields that it reads. */
  readonly fields?: readonly string[]
  /** Before the arm is asked. @throws GatewayError missing_input, invalid_input */
  check?(table: Table): void
  /** @throws OutputFault */
  run(outputs: Outputs, table: Table | undefined): Outputs
}
