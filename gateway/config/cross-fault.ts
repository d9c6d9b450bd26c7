import type { Path } from './reading/positions.ts'

/** What is wrong between parts of the file. */
export interface CrossFault {
  readonly path: Path
  readonly message: string
  /** The name itself is at fault, not what it stands for. */
  readonly atKey?: boolean
}
