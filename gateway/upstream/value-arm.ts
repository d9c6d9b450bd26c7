import type { Arm } from './arm.ts'
import { UpstreamError } from './errors.ts'

/** An arm that callers act on themselves: always there, and with nothing behind it to ask. */
export function createValueArm(name: string): Arm {
  return {
    name,
    available: () => true,
    wake: () => true,
    infer: () => Promise.reject(new UpstreamError('rejected', name, `${name} is a value and infers nothing`)),
  }
}
