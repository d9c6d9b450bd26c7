import type { ArmNow, EndpointPicture, HistoryPoint } from '../../../../gateway/console/shape.ts'

export const armNow = (name: string, facts: Partial<ArmNow> = {}): ArmNow => ({
  name,
  isAvailable: true,
  mean: 0.5,
  interval: [0.4, 0.6],
  probabilityBest: 0.5,
  share: 0.5,
  pending: 0,
  pulls: 10,
  rewarded: 10,
  defaulted: 0,
  voided: 0,
  writtenOff: 0,
  replicas: [{ model: name, replica: 0, state: 'up', restarts: 0 }],
  ...facts,
})

export const pointAt = (at: number, pulls: readonly number[], rewarded: readonly number[]): HistoryPoint => ({
  at,
  share: [],
  best: [],
  mean: [],
  pulls,
  rewarded,
  expected: { got: 0, best: 0, uniform: 0 },
})

export const picture = (arms: readonly ArmNow[], history: readonly HistoryPoint[] = []): EndpointPicture => ({
  name: 'shop',
  policy: 'thompson',
  reward: { from: 'reward', low: 0, high: 1, windowMs: 60_000 },
  now: { snapshotAgeMs: 100, warnings: [], arms },
  history,
  decisions: [],
  events: [],
})
