import type { Operation } from './operation.ts'
import { inferenceOperations } from './inference-operations.ts'
import { operatingOperations } from './operating-operations.ts'
import { servingOperations } from './serving-operations.ts'

/** Every route of the gateway, by method and path: a test compares them with the router. */
export const operations: Readonly<Record<string, Operation>> = {
  ...servingOperations,
  ...inferenceOperations,
  ...operatingOperations,
}
