import type { Path } from './positions.ts'

/** What is wrong between parts of the file. */
export interface CrossFault {
  readonly path: Path
  readonly message: string
  /** The name itself is at fault, not what it stands for. */
  readonly atKey?: boolean
}
