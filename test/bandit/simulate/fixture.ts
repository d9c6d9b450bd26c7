import type { Contender } from '../../../bandit/simulate/contender.ts'
import { bernoulliArms, promptFeedback, type World } from '../../../bandit/simulate/world.ts'

export const bessonMeans = [0.6, 0.2, 0.55, 0.7, 0.5]

export const world = (changes: Partial<World> = {}): World => ({
  arms: bernoulliArms(bessonMeans),
  horizon: 100,
  batch: 1,
  feedback: promptFeedback,
  ...changes,
})

export const contender = (name: string, changes: Partial<Contender> = {}): Contender => ({
  label: name,
  policy: { name },
  sampling: 'exact',
  pending: 'counted',
  forgetting: { kind: 'none' },
  ...changes,
})
