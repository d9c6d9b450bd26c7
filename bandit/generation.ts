import { createHash } from 'node:crypto'

/** All that makes the rewards of two moments comparable and their sums addable. */
export interface LearningDefinition {
  readonly rewardFrom: 'reward' | 'label'
  readonly labelOutput: string | undefined
  readonly combine: string
  readonly defaultMicro: number | undefined
  readonly windowMs: number
  readonly bucketMs: number
  readonly halfLifeMs: number | undefined
}

/** Raised when the layout of the sums changes, so that old ones are never read as new ones. */
const layout = 'scalar-1'

/** 8 hex digits. The policy is no part of it: every policy over scalar rewards reads the same sums. */
export function generationOf(definition: LearningDefinition): string {
  const { rewardFrom, labelOutput, combine, defaultMicro, windowMs, bucketMs, halfLifeMs } = definition
  const facts = [layout, rewardFrom, labelOutput, combine, defaultMicro, windowMs, bucketMs, halfLifeMs]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 8)
}
