import {
  createPredictionIds,
  generationOf,
  noForgetting,
  unitBounds,
  type Decision,
  type Feedback,
} from '../../../bandit/index.ts'

/** One endpoint whose feedback is journalled. */
export const windowMs = 3_600_000
export const bucketMs = 60_000

export const ids = createPredictionIds([{ id: 1, secret: 'a secret of the tests' }])

export const rules = {
  rewardFrom: 'reward',
  combine: 'first',
  windowMs,
  bucketMs,
  forgetting: noForgetting,
  bounds: unitBounds,
} as const

export const generation = generationOf({ ...rules, labelOutput: undefined, defaultMicro: undefined })

export const settings = { endpoint: 'shop', generation, windowMs, bucketMs }

export const decisionOf = (number: number, arm: string, decidedAt: number): Decision => ({
  key: String(number).padStart(16, '0'),
  endpoint: 'shop',
  arm,
  propensity: 0.5,
  policy: 'uniform',
  decidedAt,
  generation,
  degraded: false,
})

export const about = (decision: Decision, facts: Partial<Feedback>): Feedback => ({
  predictionId: ids.sign(decision),
  eventId: '',
  ...facts,
})
