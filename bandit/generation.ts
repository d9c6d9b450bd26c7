import { createHash } from 'node:crypto'
import type { RewardBounds } from './bounds.ts'
import type { Delay } from './delay/delay.ts'
import { epochWidth, type Forgetting } from './beliefs/forgetting.ts'
import type { Penalty } from './rewards/penalty.ts'

/** All that makes the rewards of two moments comparable and their sums addable. */
export interface LearningDefinition {
  readonly rewardFrom: 'reward' | 'label'
  readonly labelOutput: string | undefined
  readonly combine: string
  readonly defaultMicro: number | undefined
  readonly windowMs: number
  readonly bucketMs: number
  readonly forgetting: Forgetting
  readonly bounds: RewardBounds
  /** `arrival` when absent. */
  readonly delay?: Delay
  /** What is taken off rewards. What an arm costs is a fact of its time, as rewards are, and no part of this. */
  readonly penalty?: Pick<Penalty, 'perSecond' | 'most'> | undefined
  /** How contexts become numbers, see `definitionOf`; absent where there are none. */
  readonly encoding?: string | undefined
}

/** Raised when the layout of the sums changes, so that old ones are never read as new ones. */
const layout = 'scalar-3'

/** 8 hex digits. The policy is no part of it: every policy over scalar rewards reads the same sums. */
export function generationOf(definition: LearningDefinition): string {
  const { rewardFrom, labelOutput, combine, defaultMicro, windowMs, bucketMs, forgetting, bounds } =
    definition
  const epochs = [forgetting.kind === 'half-life' ? 'fading' : 'even', epochWidth(forgetting)]
  const reward = [rewardFrom, labelOutput, combine, defaultMicro, bounds.low, bounds.high]
  const { encoding, penalty } = definition
  const contexts = encoding === undefined ? [] : [encoding]
  const penalties = penalty === undefined ? [] : [{ s: penalty.perSecond, most: penalty.most }]
  const facts = [
    layout,
    reward,
    windowMs,
    bucketMs,
    epochs,
    definition.delay ?? 'arrival',
    ...contexts,
    ...penalties,
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 8)
}
